"""How a page asks for what is at a URL: by the request that the browser sent, else by the element that does.

The request's `Sec-Fetch-Dest` and `Sec-Fetch-Mode` say it best (Fetch Metadata Request Headers, 2.1 and 2.2). Measured:
Chromium's driver does not have them of a request whose answer is kept from the page, nor that answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, cast, get_args
from urllib.parse import urldefrag

from playwright.sync_api import Error

from isolab.expect.scripts import ASKED, ASKS
from isolab.expect.steps import Steps
from isolab.expect.waits import asked, comes_to, hears
from isolab.policy.request import Credentials, Kind, Mode, Request, request_for

_ELEMENTS: Mapping[str, Kind] = {"iframe": "iframe", "frame": "iframe", "script": "script", "link": "style"}
"""By an element's name; all others load as images do."""
_TYPES: Mapping[str, Kind] = {"document": "iframe", "image": "image", "script": "script", "stylesheet": "style"}
"""By what Playwright calls a request; of all others it only matters whether they ask by CORS."""

_LOOK_S = 0.25
"""How often Playwright's list of requests is looked through, in seconds: it has no event for what it has already."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How it is asked for; `sent` is the last request, None where the browser is not known to have sent one.

    `element`: the name of the one that asks, "" for none; `integrity` what it demands of the answer. `ended` counts
    the answers that the page's performance timeline has, `readable`: the last of them was one that CORS lets it read.
    `pending`: the last request has neither an answer nor an end.
    """

    request: Request
    sent: Any = None
    element: str = ""
    integrity: str = ""
    ended: int = 0
    readable: bool = False
    pending: bool = False


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
    """The requests for a URL that a page itself has sent, or that bring one of its frames, oldest first."""
    kept = yield page.requests
    return [each for each in kept if urldefrag(each.url).url == url and _is_of(each, page)]


def _is_of(request: Any, page: Any) -> bool:
    """Whether the page itself asks: what its frames ask for, isolab's own among them, is judged by their policies."""
    try:
        frame = request.frame
        return bool(frame == page.main_frame or (request.is_navigation_request() and frame.parent_frame))
    except Error:
        # A navigation whose frame is not there yet, or a frame that is gone.
        return bool(request.is_navigation_request())


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
    )


def _request(
    headers: Mapping[str, str], element: str, attributes: Mapping[str, str], sent: Any, entries: list[Any]
) -> Request:
    if "sec-fetch-dest" in headers:
        return _as_said(headers, attributes)
    return request_for(_ELEMENTS.get(element, "image"), attributes.items()) if element else _as_typed(sent, entries)


def _as_said(headers: Mapping[str, str], attributes: Mapping[str, str]) -> Request:
    dest, mode = headers["sec-fetch-dest"], headers.get("sec-fetch-mode", "no-cors")
    if dest in ("iframe", "frame"):
        return request_for("iframe", attributes.items())
    kind = cast("Kind", dest if dest in get_args(Kind) else "fetch")
    with_cookies = attributes.get("crossorigin", "").lower() == "use-credentials" or "cookie" in headers
    credentials: Credentials = "include" if mode == "no-cors" or with_cookies else "same-origin"
    return Request(kind, cast("Mode", mode), credentials)


def _as_typed(sent: Any, entries: list[Any]) -> Request:
    kind = "image" if sent is None else sent.resource_type
    # Of a worker that is kept out the timeline has nothing, of a script it has.
    if kind == "script" and not any(initiator in ("script", "link") for initiator, _ in entries):
        return request_for("worker")
    if kind != "document" and sent is not None and "origin" in sent.headers:
        return Request(_TYPES.get(kind, "fetch"), "cors", "same-origin")
    return request_for(_TYPES.get(kind, "image"))
