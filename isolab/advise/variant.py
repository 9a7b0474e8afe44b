"""A scenario with other headers on the app's pages, as a case that is flown like any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from isolab.advise.own import Own, popups
from isolab.advise.parts import part_headers
from isolab.advise.stance import Stance, dressed, sending
from isolab.advise.success import Success
from isolab.advise.wish import Wish
from isolab.explain.explain import explain_case
from isolab.scenario.case import ENGINE_NAMES, Case, Check, Difference, Navigate, Step, Wait
from isolab.scenario.identity import split_id

NO_SHARED_MEMORY = "https://bugs.webkit.org/show_bug.cgi?id=317847"
_ERROR = "says.error"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a flight has to show: the wish, and what success of the popup is."""

    wish: Wish
    success: Success
    own: Own

    def decides(self, check: Check) -> bool:
        """Whether the wish hangs on a check; the others only tell why."""
        return check.what in {c.what for c in self.success.checks} or check.fact in (
            "crossOriginIsolated",
            "SharedArrayBuffer",
        )


def variant(
    given: Case, goal: Goal, stances: Mapping[str, Stance], name: str, *, hopeless: bool, limit_s: float
) -> Case:
    """Make the case. `name` goes into its id; `limit_s` is its deadline in seconds.

    `hopeless`: the file itself expects no success under such a link: then nobody waits for a word that never comes.
    """
    parts = part_headers(given.pages, goal.own, stances)
    pages = {
        name: dressed(page, stances[name]) if name in stances else sending(page, parts.get(name, {}))
        for name, page in given.pages.items()
    }
    scenario = split_id(given.id)[0]
    case = replace(
        given,
        id=f"{scenario} ({name})",
        pages=pages,
        steps=_without_last_waits(given.steps),
        timeout_s=limit_s,
        checks=(),
    )
    return replace(case, checks=tuple(_checks(case, goal, hopeless=hopeless)))


def _without_last_waits(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Without waiting for what pages say in the end: that is for the checks, which have the time until the deadline."""
    left = list(steps)
    while isinstance(last := left[-1], Wait) and not last.page:
        left.pop()
    return tuple(left)


def _checks(case: Case, goal: Goal, *, hopeless: bool) -> Iterator[Check]:
    span = case.steps[0].span
    for check in goal.success.checks:
        silent = hopeless and check.fact.startswith("says.")
        known = tuple(Difference(name, "", None, "", "", check.span) for name in ENGINE_NAMES) if silent else ()
        yield replace(check, differences=known)
    if goal.wish.isolated:
        bare = Difference("webkit", "", False, NO_SHARED_MEMORY, "WebKitGTK and WPE have no SharedArrayBuffer", span)
        yield Check(goal.own.window, "crossOriginIsolated", True, span)
        yield Check(goal.own.window, "SharedArrayBuffer", True, span, differences=(bare,))
    told = {check.what for check in goal.success.checks}
    # An opener that goes to another page is not asked any more.
    leaves = any(isinstance(step, Navigate) and step.window == goal.own.window for step in case.steps)
    fates = {} if leaves else {link.popup: link.fate for link in explain_case(case).links}
    yield from (
        Check(name, "opener", fates[name], span)
        for name in popups(case)
        if name in fates and f"{name}.opener" not in told
    )
    if f"{goal.own.window}.{_ERROR}" not in told:
        yield Check(goal.own.window, _ERROR, None, span)
