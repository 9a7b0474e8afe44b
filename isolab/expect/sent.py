"""What the document in a page has asked for, as the browser told it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urldefrag

from playwright.sync_api import Error

from isolab.expect.recorded import is_aborted, is_watched, makes_document, navigates, remembered
from isolab.expect.steps import Steps

SCRIPTED = ("fetch", "xhr", "eventsource")
"""What Playwright calls the requests of scripts."""
TOLD_AT_ONCE = "sec-fetch-mode"
"""Firefox's driver has this header of a request from the beginning, Chromium's does not."""
_KEPT = 90
"""How many requests of a page Playwright remembers at least: at a hundred it forgets ten."""


def last(request: Any) -> Any:
    """The request at the end of the redirects that one was answered with."""
    return request if request.redirected_to is None else last(request.redirected_to)


def is_broken_off(request: Any) -> bool:
    """Whether a script has broken off its request before it was answered."""
    ended = last(request)
    return request.resource_type in SCRIPTED and is_aborted(ended.failure) and not ended.existing_response


def failure_of(request: Any) -> str | None:
    """Why nothing came of a request; not that the page broke off what did come, as it does of a film or a stream."""
    ended = last(request)
    heard = is_aborted(ended.failure) and ended.existing_response is not None
    return None if heard or not ended.failure else str(ended.failure)


def tells_end(page: Any, request: Any) -> bool:
    """Whether the driver tells in any case how a request has ended.

    Measured: Firefox's has the answer also of what is kept from the page, Chromium's has nothing but, where the context
    is watched, the failure.
    """
    return is_watched(page) or TOLD_AT_ONCE in request.headers


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
    return request.redirected_to is None and navigates(request, page.main_frame) and makes_document(request)


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
