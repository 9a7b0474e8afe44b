"""Whether what a page loads is blocked, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.parse import urldefrag

from playwright.sync_api import Error

from isolab.expect.asking import Asking, asking, forgets, last, requests_for, ways_to_ask
from isolab.expect.recorded import asked_again, shown, way_of
from isolab.expect.scripts import ADDRESS, FRAME_ENDED, LOADING, LOADS, SHOWS, UNTIL_LOADS, WORKER
from isolab.expect.steps import Steps
from isolab.expect.telling import failure, of_load
from isolab.expect.waits import LEAST_MS, asked, comes_to, hears, succeeds
from isolab.explain.load_mends import load_mend
from isolab.policy.document import Document
from isolab.policy.embedding import EmbedPrediction, embed
from isolab.policy.request import Request
from isolab.policy.response import Hop

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

_UNANSWERED = "asked for it again, isolab got no answer either: it cannot be reached, or the page's address cannot"
_SILENT = "its server gives no answer"
_UNHEARD = "the browser tells of no answer (Firefox tells of none for an `object` or an `embed`)"
_NOT_SENT = (
    "the browser has sent no request: it comes to it later (`loading=lazy`, `media`), or the page's "
    "Content-Security-Policy forbids it"
)
_FORBIDDEN = "the page's Content-Security-Policy (connect-src) forbids isolab to ask for it"
_FORGOTTEN = "the browser has forgotten it: Playwright remembers the last hundred requests of a page"
_PREFLIGHT = (
    "its method or a header of its own needs a preflight: OPTIONS is to be answered with Access-Control-Allow-Methods "
    "and Access-Control-Allow-Headers, which isolab does not look at"
)
_SHARED = "(a shared or a service worker is not looked at, and not told from a worker of the page)"


def not_blocked(page: Any, url: str, timeout: float) -> Steps[None]:
    """Raise AssertionError where a page does not come to load what is at `url`, which may be relative to the page.

    Raises ValueError for what is no URL.
    """
    address = yield from asked(page, ADDRESS, url)
    if address is None:
        raise ValueError(f"{url!r} is no URL")
    end = monotonic() + timeout / 1000
    how = yield from asking(page, address, timeout)
    if how is None:
        raise (yield from _not_asked(page, address, timeout))
    if how.request is None:
        raise _untold(page, address, _FORGOTTEN)
    look = {"iframe": _frame, "worker": _worker}.get(how.request.kind, _image if how.element == "img" else _other)
    said = yield from look(page, address, how, max(0.0, end - monotonic()) * 1000)
    if said is not None:
        found = yield from _again(page, address)
        raise _not_loaded(page, address, how, said, found)


def _not_asked(page: Any, url: str, timeout: float) -> Steps[AssertionError]:
    """The error where nobody knows that the page asks for it."""
    if (yield from forgets(page)):
        return _untold(page, url, _FORGOTTEN)
    asks = f"{page.url} asks for nothing at {url}: it has not within {timeout / 1000:g} s"
    return failure(asks, ["what is not asked for shows nothing", _SHARED])


def _frame(page: Any, url: str, _how: Asking, timeout: float) -> Steps[str | None]:
    """None where each of its frames shows it; otherwise what the browser says."""
    yield from comes_to(page, FRAME_ENDED, url, timeout)
    requests = yield from requests_for(page, url)
    for request in _last_of_frames(requests):
        way = yield from way_of(last(request))
        if way.pending:
            raise _untold(page, url, _UNHEARD)
        if not way.shown:
            return way.failure or "its answer brings no page"
    if requests:
        return None
    if (yield from forgets(page)):
        raise _untold(page, url, _FORGOTTEN)
    return "the browser has asked for nothing"


def _last_of_frames(requests: Sequence[Any]) -> Iterable[Any]:
    """The last request of each frame that is there still; where none is, the last of all."""
    by_frame = {id(request.frame): request for request in requests}
    there = [request for request in by_frame.values() if not request.frame.is_detached()]
    return there or requests[-1:]


def _worker(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    """None where the worker runs. One that has ended is started again: browsers do not tell whether it ever ran.

    Only Chromium's driver can talk to a worker; of others a blocked one tells by its error event, and one that runs
    tells nothing. So silence counts soon where the standard lets it run, and only at the deadline where it does not.
    """
    if (yield from _answers([worker for worker in page.workers if urldefrag(worker.url).url == url])):
        return None
    found = yield from _again(page, url)
    patience = 0 if found is None or _predicted(how, *found).loaded else timeout
    fate = yield from asked(page, WORKER, url, patience)
    if fate == "forbidden":
        raise _untold(page, url, "the page's Content-Security-Policy (Trusted Types) forbids isolab to start it")
    if isinstance(fate, int):
        return _unfit(how, fate)
    return None if fate == "runs" else "" if how.certain else _SHARED


def _answers(workers: Iterable[Any]) -> Steps[bool]:
    for worker in workers:
        try:
            yield partial(worker.evaluate, "() => true")
        except Error:
            continue
        return True
    return False


def _image(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    """None where an element shows it."""
    if (yield from succeeds(page, SHOWS, url, timeout)):
        return None
    if (yield from asked(page, LOADING, url)):
        raise _untold(page, url, _SILENT if how.sent else _NOT_SENT)
    return "no element of the page shows it"


def _other(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    """None where the browser has not kept it from the page, and a request like the page's is answered.

    Measured: of what CORP blocks, Playwright has neither a failure nor, in Chromium, an answer; in Firefox it has the
    same answer as of what loads. So the same is asked for once more.
    """
    if how.pending:
        raise _untold(page, url, _SILENT)
    end = monotonic() + timeout / 1000
    while True:
        left = max(0.0, end - monotonic()) * 1000
        kept = yield from _kept_from(page, url, how)
        if kept is None:
            return (yield from _like_it(page, url, how, left))
        if not (yield from hears(page, "request", lambda request: urldefrag(request.url).url == url, left)):
            return kept
        anew = yield from asking(page, url, 0)
        how = anew if anew and anew.request else how


def _kept_from(page: Any, url: str, how: Asking) -> Steps[str | None]:
    """What the browser itself says against its last request; None for nothing."""
    if how.sent is None:
        forgotten = yield from forgets(page)
        return None if how.ended or forgotten or not url.startswith("http") else _NOT_SENT
    ended = last(how.sent)
    if ended.failure:
        return f"the browser says: {ended.failure}"
    requests = yield from requests_for(page, url)
    if how.ended < len(requests):
        return None
    if ended.existing_response is None:
        return "the browser has kept the answer from the page"
    if how.request is not None and how.request.mode == "cors" and not how.readable:
        return "CORS keeps the answer from the page"
    return _unfit(how, ended.existing_response.status)


def _unfit(how: Asking, status: int) -> str | None:
    """Why no script or style comes of an answer (HTML, "fetch a classic script", "process a linked resource")."""
    needed = how.request is not None and how.request.kind in {"script", "style", "worker"}
    return (
        f"its server answers {status}" if needed and not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES else None
    )


def _like_it(page: Any, url: str, how: Asking, timeout: float) -> Steps[str | None]:
    request = next(ways_to_ask(how))
    what = [url, request.mode, request.credentials, how.integrity, how.by_service_worker]
    if (yield from succeeds(page, UNTIL_LOADS, what, timeout)):
        return None
    answer = yield from asked(page, LOADS, what, LEAST_MS)
    if answer == "loaded":
        return None
    if answer == "silent":
        raise _untold(page, url, _SILENT)
    if answer == "forbidden":
        found = yield from _again(page, url)
        raise _untold(page, url, _FORBIDDEN, *([_by_rule(how, *found)] if found else ()))
    return ""


def _untold(page: Any, url: str, *why: str) -> AssertionError:
    return failure(f"whether {url} is blocked in {page.url} cannot be told", why)


def _predicted(how: Asking, document: Document, hops: tuple[Hop, ...]) -> EmbedPrediction:
    return embed(document, _blocked_way(how, document, hops), hops)


def _blocked_way(how: Asking, document: Document, hops: tuple[Hop, ...]) -> Request:
    """Of the ways in which it may be asked for the likeliest that the rules block, or the likeliest."""
    ways = list(ways_to_ask(how))
    return next((way for way in ways if not embed(document, way, hops).loaded), ways[0])


def _by_rule(how: Asking, document: Document, hops: tuple[Hop, ...]) -> str:
    verdict = _predicted(how, document, hops)
    return f"by the standard it is {'loaded' if verdict.loaded else 'blocked'}: {verdict.reason}"


def _not_loaded(
    page: Any, url: str, how: Asking, said: str, found: tuple[Document, tuple[Hop, ...]] | None
) -> AssertionError:
    """The error for what is not loaded: what the browser says, and what the rules do, by what was `found`."""
    verdict, why = None, [_UNANSWERED]
    if found is not None:
        verdict = _predicted(how, *found)
        why = of_load(verdict, load_mend(found[0], _blocked_way(how, *found), found[1]))
        why += [_PREFLIGHT] * (verdict.loaded and how.preflighted)
    state = "not loaded" if verdict and verdict.loaded else "blocked"
    return failure(f"{url} is {state} in {page.url}", [*([said] if said else []), *why])


def _again(page: Any, url: str) -> Steps[tuple[Document, tuple[Hop, ...]] | None]:
    """The page's document, and what is sent when what it asks for is asked for again."""
    way = yield from shown(page)
    again = yield from asked_again(page, url)
    return None if way is None or again is None else (Document(way.hops[-1]), again.hops)
