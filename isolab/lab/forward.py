"""What a server of the user's own sent, as the browser gets it: its header lines, the stage's names, the probe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from isolab.lab.client import Answer, Lines
from isolab.lab.document import NO_CONTENT, RESET_CONTENT, Served
from isolab.lab.names import in_bytes, is_text, labelled, published
from isolab.scenario.case import Case, Forwarded, Page, Upstream

NOT_MODIFIED = 304
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DOCUMENTS = frozenset({"document", "iframe", "frame", "embed", "object"})
_CSP = ("content-security-policy", "content-security-policy-report-only")
_CACHING = frozenset({"cache-control", "expires", "etag", "last-modified", "pragma", "age"})
"""Left out of a page that has the probe in it, which is another each time that the page is asked for."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What the browser gets; `location` is the real URL of a redirect.

    `document`: the probe belongs into it; `text`: its body is text.
    """

    status: int
    headers: Lines
    body: bytes
    location: str | None
    document: bool
    text: bool


class Forwarder:
    """For one case on one stage; `fill` gives the real text for one of a page with placeholders."""

    def __init__(self, case: Case, label: str, fill: Callable[[str, Page], str]) -> None:
        hosts = {origin.host for origin in case.hosts.values()}
        self._fill = fill
        self._names = labelled(label, hosts)
        self._bare_names = labelled(label, hosts, bare=True)
        self._public = published({upstream.url: origin for origin, upstream in case.upstreams.items()})

    def passed(self, page: Page | None, upstream: Upstream, served: Served, url: str, answer: Answer) -> Passed:
        """What comes of an answer to a request for a real URL, for a page or for something that none is at."""
        lines = self._lines(page, upstream, answer)
        found = next((value for name, value in lines if name.lower() == "location"), None)
        location = urljoin(url, found) if found and answer.status in _REDIRECTS else None
        kind = next((value for name, value in lines if name.lower() == "content-type"), "")
        document = page is not None and location is None and _shows(answer.status, kind, served)
        if document:
            lines = [*((k, v) for k, v in lines if k.lower() not in _CACHING), ("Cache-Control", "no-store")]
        text = is_text(kind)
        body = in_bytes(self._names, answer.body) if text else answer.body
        return Passed(answer.status, lines, body, location, document, text)

    def _lines(self, page: Page | None, upstream: Upstream, answer: Answer) -> list[tuple[str, str]]:
        """The page's own lines first, then those of the server whose names the page does not have."""
        left_out = set(upstream.without)
        lines: list[tuple[str, str]] = []
        if page is not None and isinstance(page.body, Forwarded):
            lines += [(name, self._fill(value, page)) for name, value in page.headers]
            left_out |= page.body.without
        sent = [(name, value) for name, value in answer.headers if name.lower() not in left_out]
        return [*lines, *((name, self._translated(name.lower(), value)) for name, value in sent)]

    def _translated(self, name: str, value: str) -> str:
        if name in _CSP:
            return self._bare_names(value)
        return self._names(self._public(value) if name == "location" else value)


def _shows(status: int, content_type: str, served: Served) -> bool:
    """Whether a browser makes a document of it in a window or frame, in which a script can report."""
    html = content_type.partition(";")[0].strip().lower() == "text/html"
    # Fetch Metadata; a plain origin's requests have none.
    wanted = served.asked().get("sec-fetch-dest", "document") in _DOCUMENTS
    empty = status in (NO_CONTENT, RESET_CONTENT, NOT_MODIFIED) or served.method == "HEAD"
    return html and wanted and not empty
