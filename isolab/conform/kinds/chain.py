"""Where a request goes, in the words of rows: relations, and chains of redirects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from isolab.conform.headers import FIELDS, HOSTS, headers_of
from isolab.conform.reader import Reader
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

OTHER_PORT = 8080
_LINK = re.compile(
    r"(?P<relation>same-origin|same-site|cross-site)(?: (?P<status>30[12378]))?"
    r"(?: (?:no CORP|without CORP|with CORP (?P<corp>\S+)))?(?: (?P<coep>require-corp|credentialless))?"
)
_SCHEME_OR_PORT = {
    "same-host, https": ("same-origin", "https", None),
    "same-site, https": ("same-site", "https", None),
    "same-site https": ("same-site", "https", None),
    "same-site (other port)": ("same-origin", None, OTHER_PORT),
    "same-origin URL": ("same-origin", None, None),
}
"""Relations that say a scheme or a port as well: the relation of the host, the scheme, the port."""

Headers = Sequence[tuple[str, str]]


def target_of(part: Reader, resource: Reader, home: Origin) -> Origin:
    """Read where something is, by its relation to the page at `home`; its scheme is the page's unless it is said."""
    relation = part.text("relation", "same-origin") or ""
    host, implied, port = _SCHEME_OR_PORT.get(relation, (relation, None, home.port))
    if host not in HOSTS:
        raise part.unknown("relation")
    said = resource.one_of("scheme", None, "https", "http") or implied
    return Origin("http" if (said or home.scheme) == "http" else "https", HOSTS[host], port)


def way_of(request: Reader, resource: Reader, home: Origin, more: Headers = ()) -> tuple[Hop, ...]:
    """Read the responses on a request's way: one, or those of its `redirect_chain`; the last is the resource."""
    links = request.get("redirect_chain")
    headers = (*headers_of(resource), *more)
    if links is None:
        origin = target_of(request, resource, home)
        return (Hop(f"{origin}/resource", origin, 200, headers),)
    if not isinstance(links, list) or not links:
        raise request.unknown("redirect_chain")
    return tuple(_hops(request, links, home, headers))


def _hops(request: Reader, links: Sequence[object], home: Origin, last: Headers) -> Iterator[Hop]:
    for number, link in enumerate(links, start=1):
        found = _LINK.fullmatch(str(link))
        if found is None:
            raise request.unknown("redirect_chain")
        origin = Origin(home.scheme, HOSTS[found.group("relation")], home.port)
        own = [(FIELDS[key], found.group(key)) for key in ("corp", "coep") if found.group(key)]
        if number < len(links):
            yield Hop(
                f"{origin}/hop-{number}", origin, int(found.group("status") or 302), (*own, ("Location", "/next"))
            )
        else:
            yield Hop(f"{origin}/resource", origin, 200, tuple(chain(own, last)))
