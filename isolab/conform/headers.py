"""The responses of a row: headers and relations in the rows' words to the terms of the rules."""

from __future__ import annotations

from isolab.conform.reader import Reader
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

HOSTS = {"same-origin": "app.example", "same-site": "login.app.example", "cross-site": "idp.example"}
"""Host names that stand in these relations to the first."""

EITHER_SCHEME = "http or https"
"""How a row says that it holds over both. A page with policies is tried over https, or they would not count.

One without is tried over http, of another origin than all of https: Chromium reports fewer accesses within an origin.
"""

FIELDS = {
    "coop": "Cross-Origin-Opener-Policy",
    "coep": "Cross-Origin-Embedder-Policy",
    "corp": "Cross-Origin-Resource-Policy",
    "coop_report_only": "Cross-Origin-Opener-Policy-Report-Only",
    "coep_report_only": "Cross-Origin-Embedder-Policy-Report-Only",
    "dip": "Document-Isolation-Policy",
    "dip_report_only": "Document-Isolation-Policy-Report-Only",
    "permissions_policy": "Permissions-Policy",
    "csp": "Content-Security-Policy",
    "acao": "Access-Control-Allow-Origin",
}
"""The headers that rows name by short names; null is not sent."""


CROSS_SCHEME = "cross-scheme"
"""The relation to a page of the same host by the other scheme, which the row says beside it."""


def headers_of(part: Reader) -> tuple[tuple[str, str], ...]:
    """Read the headers that a part of a row sends."""
    values = ((name, part.text(key)) for key, name in FIELDS.items() if part.has(key))
    return tuple((name, value) for name, value in values if value is not None)


def origin_of(part: Reader, relation: str = "relation") -> Origin:
    """Read where a part of a row is, by its relation to the first page and its scheme."""
    scheme = part.one_of("scheme", "https", "http", EITHER_SCHEME)
    related = part.text(relation, "same-origin")
    if related == CROSS_SCHEME:
        related = "same-origin"
    if related not in HOSTS:
        raise part.unknown(relation)
    plain = scheme == "http" or (scheme == EITHER_SCHEME and not headers_of(part))
    return Origin("http" if plain else "https", HOSTS[related])


def response_of(part: Reader, path: str, relation: str = "relation") -> Hop:
    """Read a part of a row as a response; its status is 200 unless the row says otherwise."""
    origin = origin_of(part, relation)
    status = part.get("status", 200)
    if not isinstance(status, int):
        raise part.unknown("status")
    location = (("Location", "/next"),) if 300 <= status < 400 else ()  # noqa: PLR2004
    return Hop(f"{origin}{path}", origin, status, (*headers_of(part), *location))
