"""How a page asks for what is at a URL: by the request that the browser sent, else by the element that does.

The request's `Sec-Fetch-Dest` and `Sec-Fetch-Mode` say it best (Fetch Metadata Request Headers, 2.1 and 2.2). Measured:
Chromium's driver does not have them of a request whose answer is kept from the page, nor that answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, cast, get_args
from urllib.parse import urldefrag

from playwright.sync_api import Error

from isolab.expect.recorded import navigates, remembered
from isolab.expect.scripts import ASKED, ASKS
from isolab.expect.steps import Steps
from isolab.expect.waits import asked, comes_to, hears
from isolab.policy.request import Credentials, Kind, Mode, Request, request_for

_ELEMENTS: Mapping[str, Kind] = {"iframe": "iframe", "frame": "iframe", "script": "script", "link": "style"}
"""By an element's name; all others load as images do."""
_TYPES: Mapping[str, Kind] = {
    "document": "iframe",
    "image": "image",
    "script": "script",
    "stylesheet": "style",
    "fetch": "fetch",
    "xhr": "fetch",
}
"""By what Playwright calls a request; of all others it only matters whether they ask by CORS."""
_SIMPLE_METHODS = ("GET", "HEAD", "POST")
_SIMPLE_TYPES = ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded")
_BROWSERS_OWN = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-length", "cookie", "dnt"}
    | {"host", "origin", "pragma", "priority", "range", "referer", "te", "upgrade-insecure-requests", "user-agent"}
)
"""The headers that a page may set without a preflight, and those that browsers set."""
_KEPT = 90
"""How many requests of a page Playwright remembers at least: at a hundred it forgets ten."""

_LOOK_S = 0.25
"""How often Playwright's list of requests is looked through, in seconds: it has no event for what it has already."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How it is asked for; `sent` is the last request, None where the browser is not known to have sent one.

    `element`: the name of the one that asks, "" for none; `integrity` what it demands of the answer. `ended` counts
    the answers that the page's performance timeline has, `readable`: the last of them was one that CORS lets it read.
    `pending`: the last request has neither an answer nor an end; `certain`: the browser itself said how it asks. No
    `request`: how it asks is not known any more.
    """

    request: Request | None
    sent: Any = None
    element: str = ""
    integrity: str = ""
    ended: int = 0
    readable: bool = False
    pending: bool = False
    certain: bool = False

    @property
    def preflighted(self) -> bool:
        """Whether a request by CORS has to be allowed by a preflight first (Fetch, "CORS-preflight request")."""
        if self.sent is None or self.request is None or self.request.kind != "fetch":
            return False
        given = {name: value for name, value in self.sent.headers.items() if not name.startswith(("sec-", ":"))}
        types = given.pop("content-type", "text/plain").partition(";")[0]
        return (
            self.sent.method not in _SIMPLE_METHODS or types not in _SIMPLE_TYPES or not given.keys() <= _BROWSERS_OWN
        )

    @property
    def by_service_worker(self) -> bool:
        """Whether the page's service worker answered it."""
        answer = None if self.sent is None else last(self.sent).existing_response
        return answer is not None and bool(answer.from_service_worker)


def asking(page: Any, url: str, timeout: float) -> Steps[Asking | None]:
    """How a page asks for a URL, once it does and is answered; None where it does not within `timeout` milliseconds."""
    end = monotonic() + timeout / 1000
    while True:
        found = yield from _asking(page, url)
        left = end - monotonic()
        if (found and not found.pending) or left <= 0:
            return found
        wait = min(left, _LOOK_S) * 1000
        if found:
            yield from hears(page, "response", lambda response: urldefrag(response.url).url == url, wait)
        else:
            yield from comes_to(page, ASKS, url, wait)


def last(request: Any) -> Any:
    """The request at the end of the redirects that one was answered with."""
    return request if request.redirected_to is None else last(request.redirected_to)


def requests_for(page: Any, url: str) -> Steps[list[Any]]:
    """The requests for a URL that the document in a page has sent, or that bring one of its frames, oldest first."""
    kept = yield page.requests
    frames = [each for each in _of_document(remembered(page), page) if each not in kept]
    asks = [*frames, *_of_document(kept, page)]
    return [each for each in asks if urldefrag(each.url).url == url and _is_of(each, page)]


def _of_document(requests: Sequence[Any], page: Any) -> Sequence[Any]:
    """Those since the one that brought the document: what was asked for before was asked for by another one."""
    made = (number for number, each in enumerate(requests) if _made_document(each, page))
    return requests[max(made, default=-1) + 1 :]


def forgets(page: Any) -> Steps[bool]:
    """Whether the page has sent so many requests that the browser may not know of all any more."""
    kept = yield page.requests
    return len(kept) >= _KEPT


def _made_document(request: Any, page: Any) -> bool:
    """Whether it brought a document into the window itself."""
    return request.existing_response is not None and request.redirected_to is None and navigates(request, page)


def _is_of(request: Any, page: Any) -> bool:
    """Whether the page itself asks: what its frames ask for, isolab's own among them, is judged by their policies."""
    try:
        frame = request.frame
        return bool(
            frame == page.main_frame or (request.is_navigation_request() and frame.parent_frame and frame.page == page)
        )
    except Error:
        # A frame that is gone: whose it was, nobody knows.
        return False


def _asking(page: Any, url: str) -> Steps[Asking | None]:
    element, attributes, entries = yield from asked(page, ASKED, url)
    sent = yield from requests_for(page, url)
    if not (element or sent or entries):
        return None
    answered = bool(sent) and last(sent[-1]).existing_response is not None
    # Of a request on its way it would wait for the answer.
    headers = (yield sent[-1].all_headers) if answered else {}
    return Asking(
        _request(headers, element, attributes, sent[-1] if sent else None, entries),
        sent[-1] if sent else None,
        element,
        attributes.get("integrity", ""),
        len(entries),
        bool(entries and entries[-1][1]),
        bool(sent) and not answered and not last(sent[-1]).failure and len(entries) < len(sent),
        "sec-fetch-dest" in headers or (bool(sent) and "origin" in sent[-1].headers),
    )


def _request(
    headers: Mapping[str, str], element: str, attributes: Mapping[str, str], sent: Any, entries: list[Any]
) -> Request | None:
    if "sec-fetch-dest" in headers:
        return _as_said(headers, attributes)
    if sent is not None and sent.is_navigation_request():
        return request_for("iframe", attributes.items())
    if sent is not None and "origin" in sent.headers:
        return Request(_TYPES.get(sent.resource_type, "fetch"), "cors", _credentials("cors", {}, attributes))
    if element:
        return request_for(_ELEMENTS.get(element, "image"), attributes.items())
    return None if sent is None else _as_typed(sent.resource_type, entries)


def _as_said(headers: Mapping[str, str], attributes: Mapping[str, str]) -> Request:
    dest, mode = headers["sec-fetch-dest"], headers.get("sec-fetch-mode", "no-cors")
    if mode == "navigate":
        # Of a frame, an `object` or an `embed`.
        return request_for("iframe", attributes.items())
    kind = cast("Kind", dest if dest in get_args(Kind) else "fetch")
    return Request(kind, cast("Mode", mode), _credentials(mode, headers, attributes))


def _credentials(mode: str, headers: Mapping[str, str], attributes: Mapping[str, str]) -> Credentials:
    asked_with = attributes.get("crossorigin", "").lower() == "use-credentials" or "cookie" in headers
    return "include" if mode == "no-cors" or asked_with else "same-origin"


def _as_typed(kind: str, entries: list[Any]) -> Request:
    # Of a worker that is kept out the timeline has nothing, of a script it has.
    if kind == "script" and not any(initiator in ("script", "link") for initiator, _ in entries):
        return request_for("worker")
    return request_for(_TYPES.get(kind, "image"))


def ways_to_ask(how: Asking) -> Iterator[Request]:
    """How it may be asked for, as far as the browser tells, likeliest first.

    Nobody tells whether a page's own `fetch()` was to carry credentials, and Chromium not how one asks that failed.
    """
    if how.request is None:
        return
    yield how.request
    if how.request.kind != "fetch":
        return
    by_cors = replace(how.request, mode="cors", credentials="same-origin")
    if how.request.mode == "cors" or not how.certain:
        yield by_cors
        if not how.preflighted:
            yield replace(by_cors, credentials="include")
    if not (how.certain or how.preflighted):
        yield replace(how.request, mode="no-cors", credentials="include")
