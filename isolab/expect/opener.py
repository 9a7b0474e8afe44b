"""What a popup's link to its opener has come to: the popup's own word, and the cause by the standard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from isolab.expect.coming import not_come, within
from isolab.expect.recorded import Way, asked_again, document_of, makes_document, navigating, navigations
from isolab.expect.scripts import MOVED_ON, OPENER, UNTIL_OPENER
from isolab.expect.steps import Steps
from isolab.expect.telling import ERROR_PAGES, failure, of_link
from isolab.expect.waits import GRACE_MS, LOOK_MS, again_if_moved, asked, comes_to, hears
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
    seen = yield from _seen(popup, fate, timeout)
    if seen.fate != fate:
        name = "the popup" if popup.url.startswith(ERROR_PAGES) else f"the popup {popup.url}"
        if seen.fate is None:
            raise failure(f"{name} has no opener, and why cannot be told: {fate} was expected", seen.why)
        remedy = [f"mend: {seen.mend}"] if seen.mend and fate == "preserved" else []
        raise failure(f"{name} is {seen.fate}: its opener was expected to be {fate}", [*seen.why, *remedy])


def _seen(popup: Any, fate: Fate, timeout: float) -> Steps[_Seen]:
    """What the link has come to, once it has come to this or the time is over; not of a page that still loads."""
    end = monotonic() + timeout / 1000
    while True:
        left = max(0.0, end - monotonic()) * 1000
        if fate == "not-loaded":
            yield from _until_failed(popup, left, timeout)
        elif not (yield from comes_to(popup, UNTIL_OPENER, _SHOWN_BY[fate], left)):
            yield from _check_loaded(popup, timeout)
        seen = yield from again_if_moved(popup, lambda: _look(popup, fate))
        if seen is not None:
            return seen
        # It has moved on since, or is about to.
        if monotonic() > end:
            yield from _check_loaded(popup, timeout)
        if monotonic() > end + GRACE_MS / 1000:
            raise _not_loaded(popup, timeout)


def _not_loaded(popup: Any, timeout: float) -> AssertionError:
    return failure(f"the popup {popup.url} has not loaded {within(timeout)}", [])


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
        raise _not_loaded(popup, timeout)


def _so_far(popup: Any, ways: list[Way]) -> Steps[list[str]]:
    """What has been answered on the way of a popup, where that says something of its link already."""
    opener = yield popup.opener
    link, again = (None, []) if opener is None else (yield from _link(popup, ways, opener))
    return of_link(_note(link), again) if link and link.life else []


def _until_failed(popup: Any, rest: float, timeout: float) -> Steps[None]:
    """Wait for `rest` milliseconds until it shows an error in place of its page.

    Raises AssertionError where nothing has come of it then.
    """
    end = monotonic() + rest / 1000
    while (yield from _failed(popup)) is None:
        left = (end - monotonic()) * 1000
        if left <= 0:
            yield from _check_loaded(popup, timeout)
            return
        yield from hears(popup, "framenavigated", lambda frame: frame.url.startswith(ERROR_PAGES), min(left, LOOK_MS))


def _failed(popup: Any) -> Steps[str | None]:
    """What the browser says of a popup that shows no page since it did not load; None for one that shows a page.

    One that is there stays where its next one is a download, or is broken off.
    """
    requests = yield from navigating(popup)
    said = requests[-1].failure if requests else None
    if popup.url.startswith(ERROR_PAGES):
        return said or str(popup.url)
    if said is None or any(makes_document(request) for request in requests):
        return None
    # Its page's own request may be forgotten, and what its opener has written into it came by none.
    return None if (yield from asked(popup, MOVED_ON, None)) else said


def _look(popup: Any, fate: Fate) -> Steps[_Seen | None]:
    """None where its page still loads; of one that is as expected no cause is looked for."""
    if failed := (yield from _failed(popup)):
        return _Seen("not-loaded", [f"the browser says: {failed}"])
    state = yield from asked(popup, OPENER, None)
    if state is None:
        return None
    if state == "there" and fate == "preserved":
        if (yield from _is_to_come(popup)):
            yield from hears(popup, "framenavigated", lambda _frame: True, LOOK_MS)
            return None
        return _Seen("preserved", [])
    ways = yield from navigations(popup)
    opener = yield popup.opener
    link, again = (None, []) if opener is None else (yield from _link(popup, ways, opener))
    note = _note(link) if link else None
    seen = _judged(state, note, again, alone=opener is None)
    if seen.fate == "noopener" and link and (by_frame := (yield from _by_frame(opener, link))):
        return _Seen(None, [*seen.why[:-1], _BY_PAGE, *of_link(_note(by_frame), again), _BY_FRAME])
    return replace(seen, mend=mend(link)) if link and seen.fate == "severed" else seen


def _is_to_come(popup: Any) -> Steps[bool]:
    """Whether all that shows is what its opener has written, and a page of a server's is on its way."""
    requests = yield from navigating(popup)
    if not requests or any(makes_document(request) for request in requests):
        return False
    return requests[-1].existing_response is None and requests[-1].failure is None


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
    if link is None:
        return _Seen(None, why)
    if link.fate == "severed":
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
