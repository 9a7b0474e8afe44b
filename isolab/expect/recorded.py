"""What a Playwright page has loaded, as the browser told it: every navigation with its redirects and their headers.

Playwright keeps the last hundred requests of each page. What it has forgotten is asked for again, unless the context
was watched from the beginning (:func:`watch`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urldefrag, urljoin

from playwright.sync_api import Error

from isolab.expect.steps import Steps
from isolab.explain.piped import origin_of
from isolab.policy.document import Document
from isolab.policy.fields import combined
from isolab.policy.response import Hop

_LOG = "_isolab_requests"
"""The list of a watched context's navigations. It is the context's own, so that it ends with it."""

Lines = tuple[tuple[str, str], ...]
"""The field lines of a response, as (name, value)."""

_ABORTED = ("net::ERR_ABORTED", "NS_BINDING_ABORTED", "NS_ERROR_ABORT")
"""What Chromium and Firefox say of a request that was broken off, and Chromium of a download."""
_CANCELLED = "cancelled"
"""What is in WebKit's words for it, by Playwright's driver."""

_MOST_REDIRECTS = 20

ANSWER_MS = 5000.0
"""How long a server may take to answer what is asked of it again, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Way:
    """One request with its redirects: the responses so far, when it began (ms), and why it failed if it did.

    `url` is what was asked for last; `pending`: its response has not come. `again`: isolab asked for it, after the
    browser did.
    """

    hops: tuple[Hop, ...]
    began: float = 0.0
    failure: str | None = None
    pending: bool = False
    again: bool = False
    url: str = ""

    @property
    def shown(self) -> bool:
        """Whether it made a document."""
        return not (self.pending or self.failure) and bool(self.hops) and not self.hops[-1].leaves_document


def watch(context: Any) -> None:
    """Have a context remember every navigation from now on, however many requests its pages make.

    `context` is a `BrowserContext` of either API. A second call changes nothing.
    """
    if hasattr(context, _LOG):
        return
    log: list[Any] = []
    setattr(context, _LOG, log)

    def remember(request: Any) -> None:
        if request.is_navigation_request():
            log.append(request)

    context.on("request", remember)


def is_watched(page: Any) -> bool:
    """Whether its context is watched: only then does Playwright tell how each request has ended."""
    return hasattr(page.context, _LOG)


def remembered(page: Any) -> Sequence[Any]:
    """The navigations in the context of a page, of all its windows and frames, oldest first; none where not watched."""
    log: Sequence[Any] = getattr(page.context, _LOG, ())
    return log


def navigations(page: Any, frame: Any = None) -> Steps[list[Way]]:
    """The navigations of a page's top-level window, or of one of its frames, oldest first."""
    requests = yield from navigating(page, frame)
    ways: list[Way] = []
    for request in requests:
        ways += [(yield from way_of(page, request))]
    return sorted(ways, key=lambda way: way.began)


def navigating(page: Any, frame: Any = None) -> Steps[list[Any]]:
    """Their requests, of each the one at the end of its redirects; nothing is asked of any server."""
    kept = yield page.requests
    known = [*remembered(page), *kept]
    frame = frame or page.main_frame
    return [request for request in _once(known) if request.redirected_to is None and navigates(request, frame)]


def is_aborted(failure: str | None) -> bool:
    """Whether a browser says of a request that it was broken off."""
    return failure is not None and (failure in _ABORTED or _CANCELLED in failure)


def makes_document(request: Any) -> bool:
    """Whether what a navigation was answered is a document: a download is none.

    Firefox does not tell of one that its server does not call so (`Content-Disposition`).
    """
    answer = request.existing_response
    return (
        answer is not None
        and not is_aborted(request.failure)
        and not _hop(request.url, answer.status, tuple(answer.headers.items())).leaves_document
    )


def shown(page: Any, frame: Any = None) -> Steps[Way | None]:
    """The way to the document that a page, or a frame of it, shows.

    Asked for again where nobody remembers, None where it has none.
    """
    ways = yield from navigations(page, frame)
    made = [way for way in ways if way.shown]
    return made[-1] if made else (yield from asked_again(page, (frame or page).url))


def document_of(page: Any, frame: Any) -> Steps[Document | None]:
    """The document that a frame of a page shows, in those around it; None where nobody knows its response."""
    around = None if frame.parent_frame is None else (yield from document_of(page, frame.parent_frame))
    way = yield from shown(page, frame)
    # One that no response made, as by srcdoc, has the policies of the one around it.
    return around if way is None or not way.hops else Document(way.hops[-1], around)


def asked_again(page: Any, url: str, origin: str | None = None) -> Steps[Way | None]:
    """Ask for a URL as the page's context does, cookies included; None where nothing answers.

    `origin`: that of who asks by CORS. Many servers send headers of CORS to nobody else.
    """
    hops: list[Hop] = []
    headers = None if origin is None else {"Origin": origin}
    while url.startswith(("http:", "https:")) and len(hops) < _MOST_REDIRECTS:
        try:
            response = yield partial(page.context.request.get, url, headers=headers, max_redirects=0, timeout=ANSWER_MS)
        except Error:
            return None
        lines = tuple((line["name"], line["value"]) for line in response.headers_array)
        hops.append(_hop(url, response.status, lines))
        if not hops[-1].redirects:
            break
        url = urljoin(url, combined(hops[-1].headers, "Location") or "")
    return Way(tuple(hops), again=True, url=url) if hops else None


def way_of(page: Any, request: Any) -> Steps[Way]:
    """A request of a page, and the redirects before it, with what was answered."""
    hops: list[Hop] = []
    for each in _chain(request):
        response = each.existing_response
        if response is not None:
            headers = yield from _headers(response)
            hops.append(_hop(each.url, response.status, headers))
    if hops and hops[-1].status == HTTPStatus.NOT_MODIFIED:
        hops[-1] = yield from _renewed(page, hops[-1])
    pending = request.existing_response is None and request.failure is None
    return Way(tuple(hops), _began(request), request.failure, pending, url=request.url)


def _renewed(page: Any, renewal: Hop) -> Steps[Hop]:
    """The stored response that a 304 has renewed (RFC 9111, 4.3.4), which is the one that counts.

    Nobody tells what the browser has stored, so it is asked for again.
    """
    again = yield from asked_again(page, renewal.url)
    if again is None:
        return renewal
    stored = again.hops[0]
    return replace(stored, headers=_renew(stored.headers, renewal.headers))


def _headers(response: Any) -> Steps[Lines]:
    """All lines of a response.

    Measured: of a document that a 304 has renewed Chromium's driver has the status of the stored one, here the lines of
    the 304, and in `headers` what has come of both.
    """
    sent = yield response.headers_array
    return _renew(tuple(response.headers.items()), tuple((line["name"], line["value"]) for line in sent))


def _renew(stored: Lines, renewal: Lines) -> Lines:
    """The lines of a stored response, those renewed that a later one has too."""
    named = {name.lower() for name, _ in renewal}
    return (*renewal, *(line for line in stored if line[0].lower() not in named))


def _chain(request: Any) -> list[Any]:
    """The redirects that led to a request, oldest first, and itself."""
    before = request.redirected_from
    return [request] if before is None else [*_chain(before), request]


def _began(request: Any) -> float:
    """When it began, in milliseconds since 1970; of one that has no answer yet Firefox's driver does not know."""
    began = float(_chain(request)[0].timing["startTime"])
    return began if began > 0 else float("inf")


def _hop(url: str, status: int, headers: Lines) -> Hop:
    url = urldefrag(url).url
    return Hop(url, origin_of(url), status, headers)


def _once(requests: Iterable[Any]) -> Iterator[Any]:
    seen: set[int] = set()
    for request in requests:
        if id(request) not in seen and request.url.startswith(("http:", "https:")):
            seen.add(id(request))
            yield request


def navigates(request: Any, frame: Any) -> bool:
    """Whether it navigates this frame; one that is gone, or not there yet, is asked for in vain."""
    if not request.is_navigation_request():
        return False
    try:
        return bool(request.frame == frame)
    except Error:
        return False
