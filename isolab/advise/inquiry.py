"""From a scenario and a wish to what is to be flown, and from what was flown to an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from isolab.advise.answer import Answer, Attempt, WayOut
from isolab.advise.formats.page import page_headers
from isolab.advise.losses import losses
from isolab.advise.own import own_pages
from isolab.advise.plan import Plan, plan
from isolab.advise.success import choose, needs_opener
from isolab.advise.variant import Goal, variant
from isolab.advise.verdict import Tried, tried
from isolab.advise.ways.build import other_ways
from isolab.advise.ways.way import Rebuilt, Way
from isolab.advise.wish import Wish
from isolab.explain.explain import explain_case
from isolab.explain.false_fixes import brought_by
from isolab.explain.model import Explanation, FalseFix
from isolab.runner.result import CaseResult
from isolab.scenario.case import Case, EngineName


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked, and what was chosen to be flown. `known` are the file's words on engines that differ."""

    given: Case
    goal: Goal
    plan: Plan
    known: Mapping[EngineName, str]
    limit_s: float

    @property
    def cases(self) -> list[Case]:
        """The combinations, as cases."""
        return [candidate.case for candidate in self.plan.flown]


def inquire(
    selected: Sequence[Case], siblings: Sequence[Case], wish: Wish, stated: Sequence[str], limit_s: float
) -> Inquiry:
    """Plan it. `selected` are cases of one scenario, `siblings` all of its file; raises NoSuccess.

    `stated` are the `--success` of the command line; `limit_s` is the deadline of each flight, in seconds.
    """
    given, success = choose(selected, siblings, stated)
    goal = Goal(wish, success, own_pages(given))
    needs = needs_opener(() if stated else siblings, given, success)
    return Inquiry(given, goal, plan(given, goal, needs_opener=needs, limit_s=limit_s), _known(siblings), limit_s)


def _known(cases: Iterable[Case]) -> dict[EngineName, str]:
    """What the file says of each engine that cuts a link which the standard keeps."""
    differences = (d for case in cases for c in case.checks for d in c.differences if c.fact != "SharedArrayBuffer")
    return {d.engine: f"{d.note} ({d.bug})" for d in differences if d.note}


def conclude(inquiry: Inquiry, engines: Sequence[EngineName], results: Sequence[CaseResult]) -> Answer:
    """Answer from the results of all cases of the inquiry."""
    before = explain_case(inquiry.given)
    attempts = [
        Attempt(
            candidate.combination,
            tried(candidate.case, results, inquiry.goal, inquiry.known),
            page_headers(inquiry.given.pages, candidate.combination.stances, inquiry.goal.own),
            candidate.forbidden,
            losses(before, candidate.told),
        )
        for candidate in inquiry.plan.flown
    ]
    skipped = {r.engine: r.skipped for r in results if r.skipped is not None}
    fixes = tuple(_false_fixes(inquiry, before, attempts))
    return Answer(
        inquiry.given, inquiry.goal, inquiry.plan, tuple(engines), tuple(attempts), false_fixes=fixes, skipped=skipped
    )


def _false_fixes(inquiry: Inquiry, before: Explanation, attempts: Sequence[Attempt]) -> Iterable[FalseFix]:
    """One of each kind, out of what was asked and what fails; about isolation only where that is wished for."""
    failed = {attempt.tried.case.id for attempt in attempts if not attempt.tried.fulfilled}
    told = [candidate.told for candidate in inquiry.plan.flown if candidate.case.id in failed]
    told += [candidate.told for candidate in inquiry.plan.ruled_out]
    found: dict[str, FalseFix] = {}
    for fix in (*before.false_fixes, *(fix for each in told for fix in brought_by(before, each))):
        if fix.opener or inquiry.goal.wish.isolated:
            found.setdefault(fix.kind, fix)
    return found.values()


@dataclass(frozen=True, slots=True)
class Detour:
    """Another way with the cases that stand for it."""

    way: Way
    variants: tuple[tuple[Rebuilt, Case], ...] = ()


def detours(inquiry: Inquiry) -> list[Detour]:
    """What to fly where no combination will do."""
    given, goal = inquiry.given, inquiry.goal
    ways = other_ways(given, goal.own, goal.success, goal.wish)
    return [Detour(way, tuple(_variant(inquiry, way, n, each) for n, each in enumerate(way.rebuilt))) for way in ways]


def _variant(inquiry: Inquiry, way: Way, number: int, rebuilt: Rebuilt) -> tuple[Rebuilt, Case]:
    name = f"{way.name} {number + 1}" if len(way.rebuilt) > 1 else way.name
    limit_s = inquiry.limit_s
    return rebuilt, variant(rebuilt.case, inquiry.goal, rebuilt.stances, name, hopeless=False, limit_s=limit_s)


def way_outs(inquiry: Inquiry, planned: Sequence[Detour], results: Sequence[CaseResult]) -> tuple[WayOut, ...]:
    """What became of each way; of its variants the first that works, else the last."""
    return tuple(_way_out(inquiry, detour, results) for detour in planned)


def _way_out(inquiry: Inquiry, detour: Detour, results: Sequence[CaseResult]) -> WayOut:
    way = detour.way
    if not detour.variants:
        return WayOut(way.name, way.title, way.todo, way.untested)
    flown = [(rebuilt, _tried(inquiry, case, results)) for rebuilt, case in detour.variants]
    rebuilt, best = next((each for each in flown if each[1].fulfilled), flown[-1])
    pages = page_headers(rebuilt.case.pages, rebuilt.stances, inquiry.goal.own)
    return WayOut(way.name, way.title, way.todo, stances=rebuilt.stances, tried=best, pages=pages)


def _tried(inquiry: Inquiry, case: Case, results: Sequence[CaseResult]) -> Tried:
    return tried(case, results, inquiry.goal, inquiry.known)
