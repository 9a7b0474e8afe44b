"""All other ways, each built from the given case where that can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from isolab.advise.own import Own, popups
from isolab.advise.stance import NOTHING, STANCES
from isolab.advise.success import Success
from isolab.advise.ways.apart import on_a_page_of_its_own
from isolab.advise.ways.channel import over_a_channel
from isolab.advise.ways.redirect import by_redirect
from isolab.advise.ways.way import CannotBuild, Rebuilt, Way
from isolab.advise.wish import Wish
from isolab.scenario.case import Case

_ISOLATED, _STRICT, _ALLOWING = STANCES[0], STANCES[2], STANCES[3]


def other_ways(given: Case, own: Own, success: Success, wish: Wish) -> tuple[Way, ...]:
    """Every way, in the order in which to think of them. A scenario without a popup has none."""
    if not popups(given):
        return ()
    stance = _ISOLATED if wish.isolated else _STRICT
    return (
        _way(
            "broadcast-channel",
            "the answer over a BroadcastChannel instead of window.opener",
            "the provider redirects to a callback page of the app's own origin, which posts there; the app listens",
            [partial(over_a_channel, given, own, stance)],
        ),
        _way(
            "redirect",
            "a redirect instead of a popup",
            "the page itself goes to the provider and comes back; what it has to keep is in sessionStorage",
            [partial(by_redirect, given, own, stance)],
        ),
        _way(
            "own-page",
            "a page of its own for sign-in, without isolation",
            "the person signs in there by popup and comes back to the app",
            [partial(on_a_page_of_its_own, given, own, success, stance, each) for each in (_ALLOWING, NOTHING)],
        ),
    )


def _way(name: str, title: str, todo: str, builders: Sequence[Callable[[], Rebuilt]]) -> Way:
    """Build it; the first that is measured to work is the one to take."""
    try:
        return Way(name, title, todo, tuple(build() for build in builders))
    except CannotBuild as error:
        return Way(name, title, todo, untested=str(error))
