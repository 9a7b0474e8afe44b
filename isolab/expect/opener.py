"""What a popup's link to its opener has come to: the popup's own word, and the cause by the standard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from isolab.expect.coming import not_come, within
from isolab.expect.recorded import Way, asked_again, document_of, navigations
from isolab.expect.scripts import MOVED_ON, OPENER, UNTIL_OPENER
from isolab.expect.steps import Steps
from isolab.expect.telling import ERROR_PAGES, failure, of_link
from isolab.expect.waits import again_if_moved, asked, comes_to, hears
from isolab.explain.false_fixes import Link
from isolab.explain.link import link_note
from isolab.explain.mends import Mend, mend
from isolab.explain.model import LinkNote
from isolab.policy.document import Document
from isolab.policy.life import Navigation
from isolab.policy.site import same_origin
from isolab.policy.terms import Fate

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

_SHOWN_BY = {"preserved": ["there"], "severed": ["none", "gone"], "noopener": ["none"], "not-loaded": []}
_WITHOUT = (
    "no response on its way cuts the link: it was opened without an opener (noopener, noreferrer, or a link with a "
    "target but without rel=opener), or a page set window.opener to null"
)
_NO_POPUP = (
    "Playwright knows no page that has opened it: either that is closed, or this is no popup (expect_popup takes what "
    "`page.expect_popup()` gives, by its `.value`)"
)
_BY_PAGE = "so it is `noopener` if the page itself has opened it, without an opener"
_BY_FRAME = "so it is `severed` if that frame has opened it; which of them has, no browser tells"
_UNKNOWN = "what its opener had loaded is not known any more, so nothing can be said of the cause"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a link has come to; `fate` is None where nothing can be said of it; `mend`: what it would last with."""

    fate: Fate | None
    why: list[str]
    mend: Mend | None = None


def has_opener(popup: Any, fate: Fate, timeout: float) -> Steps[None]:
    """Raise AssertionError where the link does not come to this fate. Raises ValueError for what is no fate."""
    if fate not in _SHOWN_BY:
        raise ValueError(f"{fate!r} is no fate of an opener link; they are {', '.join(_SHOWN_BY)}")
    if popup.is_closed():
        raise AssertionError(f"the popup {popup.url} is closed: say what you expect of it before it closes")
    if fate == "not-loaded":
        yield from _until_failed(popup, timeout)
    elif not (yield from comes_to(popup, UNTIL_OPENER, _SHOWN_BY[fate], timeout)):
        yield from _check_loaded(popup, timeout)
    seen = yield from again_if_moved(popup, lambda: _look(popup))
    if seen.fate != fate:
        name = "the popup" if popup.url.startswith(ERROR_PAGES) else f"the popup {popup.url}"
        if seen.fate is None:
            raise failure(f"{name} has no opener, and why cannot be told: {fate} was expected", seen.why)
        remedy = [f"mend: {seen.mend}"] if seen.mend and fate == "preserved" else []
        raise failure(f"{name} is {seen.fate}: its opener was expected to be {fate}", [*seen.why, *remedy])


def _check_loaded(popup: Any, timeout: float) -> Steps[None]:
    """Raise AssertionError where the page that decides is still on its way: the one before it has no say."""
    ways = yield from navigations(popup)
    if ways and ways[-1].pending:
        so_far = yield from _so_far(popup, ways)
        raise not_come(ways, timeout, so_far)
    if popup.url.startswith(ERROR_PAGES):
        return
    if not (yield from asked(popup, MOVED_ON, None)):
        raise failure(f"the popup still shows {popup.url}: no page has come {within(timeout)}", [])
    if (yield from asked(popup, OPENER, None)) is None:
        raise failure(f"the popup {popup.url} has not loaded {within(timeout)}", [])


def _so_far(popup: Any, ways: list[Way]) -> Steps[list[str]]:
    """What has been answered on the way of a popup, where that says something of its link already."""
    opener = yield popup.opener
    link, again = (None, []) if opener is None else (yield from _link(popup, ways, opener))
    return of_link(_note(link), again) if link and link.life else []


def _until_failed(popup: Any, timeout: float) -> Steps[None]:
    ways = yield from navigations(popup)
    if not popup.url.startswith(ERROR_PAGES) and (not ways or ways[-1].pending):
        yield from hears(popup, "requestfailed", lambda request: request.is_navigation_request(), timeout)


def _look(popup: Any) -> Steps[_Seen]:
    ways = yield from navigations(popup)
    if popup.url.startswith(ERROR_PAGES) or (ways and ways[-1].failure):
        said = ways[-1].failure if ways else None
        return _Seen("not-loaded", [f"the browser says: {said or popup.url}"])
    state = yield from asked(popup, OPENER, None)
    opener = yield popup.opener
    link, again = (None, []) if opener is None else (yield from _link(popup, ways, opener))
    note = _note(link) if link else None
    seen = _judged(state, note, again, alone=opener is None)
    if seen.fate == "noopener" and link and (by_frame := (yield from _by_frame(opener, link))):
        return _Seen(None, [*seen.why[:-1], _BY_PAGE, *of_link(_note(by_frame), again), _BY_FRAME])
    return replace(seen, mend=mend(link)) if link and seen.fate == "severed" else seen


def _by_frame(opener: Any, link: Link) -> Steps[Link | None]:
    """The link of a frame of the opener's that would be cut; None where each would be kept.

    A frame of another origin gives its popup a first, blank document without the policy of the page around (HTML,
    "creating a new browsing context"), and so the same responses may cut there.
    """
    for frame in opener.frames:
        document = yield from document_of(opener, frame)
        if document is None or same_origin(document.origin, link.creator.origin):
            continue
        other = replace(link, opener=f"the frame {document.url}", creator=document)
        if _note(other).fate == "severed":
            return other
    return None


def _note(link: Link) -> LinkNote:
    return link_note(link.popup, link.opener, link.creator, link.life)


def _judged(state: str, link: LinkNote | None, again: list[Way], *, alone: bool) -> _Seen:
    why = of_link(link, again) if link else [_NO_POPUP if alone else _UNKNOWN]
    if state == "there":
        return _Seen("preserved", why)
    if alone:
        return _Seen(None, why)
    if link is None or link.fate == "severed":
        return _Seen("severed", why)
    return _Seen("noopener", [*why, _WITHOUT])


def _link(popup: Any, ways: list[Way], opener: Any) -> Steps[tuple[Link | None, list[Way]]]:
    """All that the two windows have loaded, in the order of time."""
    first = ways[0].began if ways else float("inf")
    of_opener = yield from navigations(opener)
    before = [way for way in of_opener if way.shown and way.began <= first]
    creator = before[-1] if before else (yield from asked_again(opener, opener.url))
    if creator is None:
        return None, []
    again = None if ways else (yield from asked_again(popup, popup.url))
    moves = [(way.began, Navigation(way.hops)) for way in (*ways, again) if way and way.hops]
    moves += [(way.began, Navigation(way.hops, "opener")) for way in of_opener if way.shown and way.began > first]
    life = [move for _, move in sorted(moves, key=lambda each: each[0])]
    link = Link("the popup", "the page", Document(creator.hops[-1]), life)
    return link, [way for way in (creator, again) if way]
