"""What is to blame for what a page does not load: the rules, by what its server sends."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from isolab.expect.asking import Asking, ways_to_ask
from isolab.expect.content_type import unfit_type
from isolab.expect.recorded import asked_again, document_of, way_of
from isolab.expect.sent import last
from isolab.expect.steps import Steps
from isolab.expect.telling import failure, of_load
from isolab.explain.load_mends import load_mend
from isolab.policy.document import Document
from isolab.policy.embedding import EmbedPrediction, embed
from isolab.policy.fields import Headers
from isolab.policy.request import Request
from isolab.policy.response import Hop

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

Found = tuple[Document, tuple[Hop, ...]]
"""The document that asks, and what it is answered."""

_UNANSWERED = "asked for it again, isolab got no answer either: it cannot be reached, or the page's address cannot"
_PREFLIGHT = (
    "its method or a header of its own needs a preflight: OPTIONS is to be answered with Access-Control-Allow-Methods "
    "and Access-Control-Allow-Headers, which isolab does not look at"
)
_BY_GET = "(isolab has asked for it by GET, the page by {method}: what is sent is what GET is answered)"
_BY_CORP = "but the browser names Cross-Origin-Resource-Policy: it has got another answer than isolab"


def found(page: Any, url: str, how: Asking) -> Steps[Found | None]:
    """The document that asks for a URL and the answer to its request; asked for again where the browser keeps it."""
    document = yield from document_of(page, _embedder(page, how.sent))
    if document is None or not url.startswith("http"):
        return None
    by_cors = any(way.mode == "cors" for way in ways_to_ask(how))
    hops = yield from _answer(page, url, how.sent, str(document.origin or "null") if by_cors else None)
    return None if hops is None else (document, hops)


def _embedder(page: Any, sent: Any) -> Any:
    """The frame whose document asks: what a frame shows is asked for by the one around it."""
    parent = sent.frame.parent_frame if sent is not None and sent.is_navigation_request() else None
    return parent or page.main_frame


def _answer(page: Any, url: str, sent: Any, origin: str | None) -> Steps[tuple[Hop, ...] | None]:
    if sent is not None and last(sent).existing_response is not None:
        way = yield from way_of(page, last(sent))
        return way.hops
    again = yield from asked_again(page, url, origin)
    return None if again is None else again.hops


def predicted(how: Asking, document: Document, hops: tuple[Hop, ...]) -> EmbedPrediction:
    """What the rules make of it."""
    return embed(document, _blocked_way(how, document, hops), hops)


def _blocked_way(how: Asking, document: Document, hops: tuple[Hop, ...]) -> Request:
    """Of the ways in which it may be asked for the likeliest that the rules block, or the likeliest."""
    ways = [*ways_to_ask(how), *(request for request, _ in how.besides)]
    return next((way for way in ways if not embed(document, way, hops).loaded), ways[0])


def by_rule(how: Asking, document: Document, hops: tuple[Hop, ...]) -> str:
    """The same in a sentence."""
    verdict = predicted(how, document, hops)
    return f"by the standard it is {'loaded' if verdict.loaded else 'blocked'}: {verdict.reason}"


def unfit(how: Asking, status: int, headers: Headers) -> str | None:
    """Why no script or style comes of an answer (HTML, "fetch a classic script", "process a linked resource")."""
    needed = how.request is not None and how.request.kind in {"script", "style", "worker"}
    if not needed or status == HTTPStatus.NOT_MODIFIED:
        # That has few lines of its own: what is stored counts.
        return None
    fit = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
    return unfit_type(how, headers) if fit else f"its server answers {status}"


def not_loaded(page: Any, url: str, how: Asking, said: str, given: Found | None) -> AssertionError:
    """The error for what is not loaded: what the browser says, and what the rules do, by what was `found`."""
    verdict, why = None, [_UNANSWERED]
    if given is not None:
        verdict = predicted(how, *given)
        # Of a style that `nosniff` refuses Chromium's driver has no answer.
        said = (unfit(how, given[1][-1].status, given[1][-1].headers) if verdict.loaded else None) or said
        why = _why(how, verdict, load_mend(given[0], _blocked_way(how, *given), given[1]))
    state = "not loaded" if verdict and verdict.loaded else "blocked"
    place = given[0].url if given and given[0].parent else page.url
    return failure(f"{url} is {state} in {place}", [*([said] if said else []), *why])


def _why(how: Asking, verdict: EmbedPrediction, mend: str) -> list[str]:
    if verdict.loaded and how.kept_by_corp:
        return [f"by what isolab was answered it is loaded: {verdict.reason}", _BY_CORP]
    repeated = how.method != "GET" and last(how.sent).existing_response is None
    return [
        *of_load(verdict, mend),
        *[_PREFLIGHT] * (verdict.loaded and how.preflighted),
        *[_BY_GET.format(method=how.method)] * repeated,
    ]
