"""Whether what a page loads is blocked, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any
from urllib.parse import urldefrag

from isolab.expect.asking import Asking, again, asking, ways_to_ask
from isolab.expect.blame import by_rule, found, not_loaded, unfit
from isolab.expect.recorded import way_of
from isolab.expect.scripts import ADDRESS, ENDED, FRAME_ENDED, LOADING, LOADS, SHOWS, UNTIL_LOADS
from isolab.expect.sent import TOLD_AT_ONCE, failure_of, forgets, last, requests_for, tells_end
from isolab.expect.steps import Steps
from isolab.expect.telling import BLOB, SILENT, failure, untold
from isolab.expect.waits import LEAST_MS, LOOK_MS, asked, comes_to, hears, succeeds
from isolab.expect.worker import SHARED, runs
from isolab.policy.embedding import embed

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

_UNHEARD = "the browser tells of no answer (Firefox tells of none for an `object` or an `embed`)"
_NOT_SENT = (
    "the browser has sent no request: it comes to it later (`loading=lazy`, `media`), or the page's "
    "Content-Security-Policy forbids it"
)
_FORBIDDEN = "the page's Content-Security-Policy (connect-src) forbids isolab to ask for it"
_FORGOTTEN = "the browser has forgotten it: Playwright remembers the last hundred requests of a page"
_UNREPEATED = "the page asks by {method}, which isolab does not repeat"
_BROKEN_OFF = "the page itself has broken off its request"
_WATCH = "to be told which, call `watch(context)` of isolab.expect at the beginning"
_UNWATCHED = f"the browser has kept the answer from the page, or the page has broken off its request: {_WATCH}"
_UNTOLD = f"{SILENT}, or the browser has kept it from the page: {_WATCH}"
_STORED = "(nor is it asked for what Firefox has of an earlier page: the images of its style sheets)"


def not_blocked(page: Any, url: str, timeout: float) -> Steps[None]:
    """Raise AssertionError where a page does not come to load what is at `url`, which may be relative to the page.

    Raises ValueError for what is no URL.
    """
    address = yield from asked(page, ADDRESS, url)
    if address is None:
        raise ValueError(f"{url!r} is no URL")
    end = monotonic() + timeout / 1000
    hows = yield from asking(page, address, timeout)
    if not hows:
        raise (yield from _not_asked(page, address, timeout))
    for how in hows:
        yield from _check(page, address, how, max(0.0, end - monotonic()) * 1000)


def _check(page: Any, url: str, how: Asking, timeout: float) -> Steps[None]:
    """Raise AssertionError where it does not load in one of the ways in which it is asked for."""
    if how.request is None:
        raise untold(page, url, _FORGOTTEN)
    look = {"iframe": _frame, "worker": runs}.get(how.request.kind, _image if how.element == "img" else _other)
    said = yield from look(page, url, how, timeout)
    if said is not None:
        raise not_loaded(page, url, how, said, (yield from found(page, url, how)))


def _not_asked(page: Any, url: str, timeout: float) -> Steps[AssertionError]:
    """The error where nobody knows that the page asks for it."""
    if (yield from forgets(page)):
        return untold(page, url, _FORGOTTEN)
    if url.startswith("blob:"):
        return untold(page, url, BLOB)
    asks = f"{page.url} asks for nothing at {url}: it has not within {timeout / 1000:g} s"
    return failure(asks, ["what is not asked for shows nothing", _STORED, SHARED])


def _frame(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    """None where each of its frames shows it; otherwise what the browser says."""
    if not url.startswith("http"):
        if any(urldefrag(frame.url).url == url for frame in page.frames):
            return None
        raise untold(page, url, BLOB)
    # The timeline of the page has no frames of its frames.
    deep = how.sent is not None and how.sent.frame.parent_frame not in (None, page.main_frame)
    yield from comes_to(page, FRAME_ENDED, url, min(timeout, LEAST_MS) if deep else timeout)
    asks = yield from requests_for(page, url)
    requests = [request for request in asks if request.is_navigation_request()]
    for request in _last_of_frames(requests):
        way = yield from way_of(page, last(request))
        if way.pending:
            raise untold(page, url, _UNHEARD)
        if not way.shown:
            return way.failure or "its answer brings no page"
    if requests:
        return None
    if (yield from forgets(page)):
        raise untold(page, url, _FORGOTTEN)
    if how.later:
        raise untold(page, url, _NOT_SENT)
    return "the browser has asked for nothing"


def _last_of_frames(requests: Sequence[Any]) -> Iterable[Any]:
    """The last request of each frame that is there still; where none is, the last of all."""
    by_frame = {id(request.frame): request for request in requests}
    there = [request for request in by_frame.values() if not request.frame.is_detached()]
    return there or requests[-1:]


def _image(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    """None where an element shows it."""
    if (yield from succeeds(page, SHOWS, url, timeout)):
        return None
    if (yield from asked(page, LOADING, url)):
        raise untold(page, url, SILENT if how.sent else _NOT_SENT)
    return "no element of the page shows it"


def _other(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    """None where the browser has not kept it from the page, and a request like the page's is answered.

    Measured: of what CORP blocks Playwright has, unless the context is watched, neither a failure nor, in Chromium, an
    answer; in Firefox it has the same answer as of what loads. So the same is asked for once more.
    """
    end = monotonic() + timeout / 1000
    while True:
        left = max(0.0, end - monotonic()) * 1000
        if left == 0 and how.pending:
            how = yield from again(page, url, how, ended=True)
        has_ended = not (how.pending or how.broken_off)
        kept = (yield from _kept_from(page, url, how)) if has_ended else None
        if has_ended and kept is None:
            return (yield from (_read(page, url, how) if how.scripted else _like_all(page, url, how, left)))
        if left == 0 and kept is None:
            raise untold(page, url, _unended(page, how))
        if left == 0:
            return kept
        # The page may ask once more, also while it was looked at.
        yield from hears(page, "response", lambda response: urldefrag(response.url).url == url, min(left, LOOK_MS))
        how = yield from again(page, url, how)


def _unended(page: Any, how: Asking) -> str:
    """Why nobody knows what has come of the last request."""
    if how.broken_off:
        return _BROKEN_OFF
    return SILENT if tells_end(page, how.sent) else _UNTOLD


def _kept_from(page: Any, url: str, how: Asking) -> Steps[str | None]:
    """What the browser itself says against its last request; None for nothing."""
    if how.sent is None:
        forgotten = yield from forgets(page)
        return None if how.ended or forgotten or not url.startswith("http") else _NOT_SENT
    answer = last(how.sent).existing_response
    if answer is not None and (said := unfit(how, answer.status, tuple(answer.headers.items()))):
        return said
    if failed := failure_of(how.sent):
        return f"the browser says: {failed}"
    if how.ended < how.asks or (how.scripted and answer is not None):
        return None
    if answer is None:
        return _UNWATCHED if how.scripted else "the browser has kept the answer from the page"
    by_cors = how.request is not None and how.request.mode == "cors" and TOLD_AT_ONCE in how.sent.headers
    return "CORS keeps the answer from the page" if by_cors and how.readable is False else None


def _read(page: Any, url: str, how: Asking) -> Steps[str | None]:
    """None where a script gets the answer, which the browser has.

    Measured: of what it keeps from a script Chromium has no answer. Firefox has it, with a failure where CORP keeps it
    and, where CORS does, an entry in the timeline without a status. Of what still comes there is no entry: then the
    answer's headers count.
    """
    if TOLD_AT_ONCE not in how.sent.headers:
        return None
    requests = yield from requests_for(page, url)
    # A busy browser has the entry later than its driver the answer: also where the time is up by then.
    ended = yield from comes_to(page, ENDED, [url, len(requests)], LEAST_MS)
    if failed := failure_of(how.sent):
        return f"the browser says: {failed}"
    if how.request is None or how.request.mode != "cors":
        return None
    readable = (yield from again(page, url, how)).readable if ended else None
    if readable is None:
        given = yield from found(page, url, how)
        readable = given is None or embed(given[0], how.request, given[1]).loaded
    return None if readable else "CORS keeps the answer from the page"


def _like_all(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    """None where it is answered in each of the ways in which the page is known to ask."""
    if how.method != "GET":
        raise untold(page, url, _UNREPEATED.format(method=how.method))
    for request, integrity in how.besides or [(next(ways_to_ask(how)), how.integrity)]:
        what = [url, request.mode, request.credentials, integrity, how.by_service_worker]
        kept = yield from _like_it(page, how, what, timeout)
        if kept is not None:
            return kept
    return None


def _like_it(page: Any, how: Asking, what: list[Any], timeout: float) -> Steps[str | None]:
    url = what[0]
    if (yield from succeeds(page, UNTIL_LOADS, what, timeout)):
        return None
    answer = yield from asked(page, LOADS, what, LEAST_MS)
    if answer == "loaded":
        return None
    if answer == "silent":
        raise untold(page, url, SILENT)
    if answer == "forbidden":
        given = yield from found(page, url, how)
        raise untold(page, url, _FORBIDDEN, *([by_rule(how, *given)] if given else ()))
    return ""
