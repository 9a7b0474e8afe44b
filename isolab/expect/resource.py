"""Whether what a page loads is blocked, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urldefrag, urljoin

from playwright.sync_api import Error

from isolab.expect.recorded import asked_again, shown, way_of
from isolab.expect.scripts import ELEMENT, FRAME_ENDED, LOADS, SHOWS, UNTIL_LOADS, WORKER
from isolab.expect.steps import Steps
from isolab.expect.telling import failure, of_load
from isolab.expect.waits import asked, comes_to, succeeds
from isolab.explain.load_mends import load_mend
from isolab.policy.document import Document
from isolab.policy.embedding import EmbedPrediction, embed
from isolab.policy.request import Kind, Request, request_for
from isolab.policy.response import Hop

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

_KINDS: Mapping[str, Kind] = {"iframe": "iframe", "frame": "iframe", "script": "script", "link": "style"}
"""By an element's name; all others load as images do."""

_UNANSWERED = "asked for it again, isolab got no answer either: it cannot be reached, or the page's address cannot"
_SILENT = "its server gives no answer"
_FORBIDDEN = (
    "the page's Content-Security-Policy (connect-src) forbids isolab to ask for it, and no image or style of the page "
    "shows it"
)
_ONCE_MORE_MS = 1000.0
"""How long it may take to ask once more how it ended, in milliseconds."""


def not_blocked(page: Any, url: str, timeout: float) -> Steps[None]:
    """Raise AssertionError where a page does not come to load what is at `url`, which may be relative to the page.

    Raises ValueError for what is no URL.
    """
    try:
        url = urldefrag(urljoin(page.url, url)).url
    except ValueError as error:
        raise ValueError(f"{url!r} is no URL: {error}") from None
    request = yield from _request(page, url)
    look = {"iframe": _frame, "worker": _worker}.get(request.kind, _element)
    said = yield from look(page, url, request, timeout)
    if said is not None:
        why = yield from _why(page, url, request)
        raise failure(f"{url} is blocked in {page.url}", [*([said] if said else []), *why]) from None


def _request(page: Any, url: str) -> Steps[Request]:
    """By the element that loads it; else by what the browser calls its request; else as an image is asked for."""
    element = yield from asked(page, ELEMENT, url)
    if element is not None:
        name, attributes = element
        return request_for(_KINDS.get(name, "image"), attributes.items())
    requests = yield page.requests
    types = [each.resource_type for each in requests if each.url == url]
    if types and types[-1] in ("fetch", "xhr"):
        return request_for("fetch")
    if types and types[-1] == "script":
        return request_for("worker")
    return request_for("image")


def _frame(page: Any, url: str, _request: Request, timeout: float) -> Steps[str | None]:
    """None where the frame shows it; otherwise what the browser says."""
    yield from comes_to(page, FRAME_ENDED, url, timeout)
    requests = yield page.requests
    for request in reversed([each for each in requests if each.url == url]):
        way = yield from way_of(_last(request))
        return None if way.shown else way.failure or "no answer has come"
    return "the browser has asked for nothing"


def _last(request: Any) -> Any:
    return request if request.redirected_to is None else _last(request.redirected_to)


def _worker(page: Any, url: str, request: Request, timeout: float) -> Steps[str | None]:
    """None where the worker runs. One that has ended is started again: browsers do not tell whether it ever ran.

    Only Chromium's driver can talk to a worker; of others a blocked one tells by its error event, and one that runs
    tells nothing. So silence counts soon where the standard lets it run, and only at the deadline where it does not.
    """
    if (yield from _answers([worker for worker in page.workers if worker.url == url])):
        return None
    verdict = yield from _verdict(page, url, request)
    patience = 0 if verdict is None or verdict.loaded else timeout
    fate = yield from asked(page, WORKER, url, patience)
    return None if fate == "runs" else ""


def _answers(workers: Iterable[Any]) -> Steps[bool]:
    for worker in workers:
        try:
            yield partial(worker.evaluate, "() => true")
        except Error:
            continue
        return True
    return False


def _element(page: Any, url: str, request: Request, timeout: float) -> Steps[str | None]:
    """None where a request like that of the element is answered; browsers do not tell of the element's own.

    Measured: of an image that CORP blocks, Playwright has neither a failure nor another answer than of one that loads.
    """
    what = [url, request.mode, request.credentials]
    if (yield from succeeds(page, UNTIL_LOADS, what, timeout)):
        return None
    answer = yield from asked(page, LOADS, what, _ONCE_MORE_MS)
    if answer == "silent":
        raise failure(f"whether {url} is blocked in {page.url} cannot be told", [_SILENT]) from None
    if answer != "forbidden":
        return ""
    if (yield from asked(page, SHOWS, url)):
        return None
    verdict = yield from _verdict(page, url, request)
    by_rule = f"by the standard it is {'loaded' if verdict.loaded else 'blocked'}: {verdict.reason}" if verdict else ""
    raise failure(
        f"whether {url} is blocked in {page.url} cannot be told", filter(None, [_FORBIDDEN, by_rule])
    ) from None


def _why(page: Any, url: str, request: Request) -> Steps[Iterable[str]]:
    found = yield from _again(page, url)
    if found is None:
        return [_UNANSWERED]
    document, hops = found
    return of_load(embed(document, request, hops), load_mend(document, request, hops))


def _verdict(page: Any, url: str, request: Request) -> Steps[EmbedPrediction | None]:
    """The rules' word about what the page asks for, by what is sent when it is asked for again."""
    found = yield from _again(page, url)
    return None if found is None else embed(found[0], request, found[1])


def _again(page: Any, url: str) -> Steps[tuple[Document, tuple[Hop, ...]] | None]:
    """The page's document, and what is sent when what it asks for is asked for again."""
    way = yield from shown(page)
    again = yield from asked_again(page, url)
    return None if way is None or again is None else (Document(way.hops[-1]), again.hops)
