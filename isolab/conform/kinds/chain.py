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
_RELATION = re.compile(
    r"(?P<host>same-host|same-origin|same-site|cross-site)"
    r"(?:,? (?P<scheme>https?)|(?P<port> \(other port\))| URL)?"
)
"""A relation may say a scheme or a port as well; another port of the same host is all that makes it the same site."""

Headers = Sequence[tuple[str, str]]


def target_of(part: Reader, resource: Reader, home: Origin) -> Origin:
    """Read where something is, by its relation to the page at `home`; its scheme is the page's unless it is said."""
    found = _RELATION.fullmatch(part.text("relation", "same-origin") or "")
    if found is None:
        raise part.unknown("relation")
    said = resource.one_of("scheme", None, "https", "http") or found["scheme"] or home.scheme
    same_host = found["host"] == "same-host" or (found["host"] == "same-site" and found["port"])
    host = HOSTS["same-origin" if same_host else found["host"]]
    return Origin("http" if said == "http" else "https", host, OTHER_PORT if found["port"] else home.port)


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
