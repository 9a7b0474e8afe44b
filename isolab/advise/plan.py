"""Which combinations are worth flying: the strictest first, without those that the standard forbids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, permutations, product

from isolab.advise.stance import STANCES, Combination, Stance, beside
from isolab.advise.variant import Goal, variant
from isolab.explain.explain import explain_case
from isolab.explain.model import Explanation
from isolab.scenario.case import Case

MOST = 12
"""So many combinations that the rules allow are flown, the weakest of all among them."""
FREE = 3
"""So many of the app's other pages are tried with every combination of headers; there are three times as many of them
with each page more."""
SAMPLES = 3
"""So many that the rules forbid are flown all the same, one for each header of the page with the button."""

NOT_ISOLATED = "not isolated"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A combination as a case; `forbidden` is why by the rules it cannot fulfil the wish, "" where it may.

    `told` is what the rules say of the case.
    """

    combination: Combination
    case: Case
    told: Explanation
    forbidden: str = ""

    @property
    def linked(self) -> bool:
        """Whether every popup keeps its opener by the rules."""
        return all(link.fate == "preserved" for link in self.told.links)


@dataclass(frozen=True, slots=True)
class Plan:
    """`flown` are to be measured, the strictest first; `ruled_out` are not, nor are `left`, for their number."""

    flown: tuple[Candidate, ...]
    ruled_out: tuple[Candidate, ...] = ()
    left: tuple[Candidate, ...] = ()


def plan(given: Case, goal: Goal, *, needs_opener: bool | None, limit_s: float) -> Plan:
    """Choose. `needs_opener`: whether the sign-in does, as far as the file tells; `limit_s`: each flight's deadline."""
    every = [_candidate(given, goal, each, needs_opener, limit_s) for each in combinations(goal)]
    allowed = [candidate for candidate in every if not candidate.forbidden]
    forbidden = [candidate for candidate in every if candidate.forbidden]
    flown = {id(candidate) for candidate in (*_worth_flying(allowed), *islice(_samples(forbidden), SAMPLES))}
    return Plan(
        tuple(candidate for candidate in every if id(candidate) in flown),
        tuple(candidate for candidate in forbidden if id(candidate) not in flown),
        tuple(candidate for candidate in allowed if id(candidate) not in flown),
    )


def _worth_flying(allowed: Sequence[Candidate]) -> list[Candidate]:
    """All, or as many as are to be flown: those that tell most, then the strictest.

    Most is told by the weakest of all (if that does not do, nothing will), and for each header of the page with the
    button by the strictest with which the popup keeps its opener: that does wherever the sign-in needs it.
    """
    linked: dict[Stance, Candidate] = {}
    for candidate in allowed:
        if candidate.linked:
            linked.setdefault(candidate.combination.app, candidate)
    wanted = {id(candidate): candidate for candidate in (*allowed[-1:], *linked.values(), *allowed)}
    return list(wanted.values())[:MOST]


def combinations(goal: Goal) -> list[Combination]:
    """Every combination of what the app's pages can send, the strictest first.

    Of many pages at most one has another header than all the others: more than that nobody would wait for.
    """
    own = goal.own
    found = [
        Combination(dict(zip((own.app, *own.others), (app, *others), strict=True)))
        for app in STANCES
        for others in _for_others(beside(app), len(own.others))
    ]
    return sorted(found, key=lambda combination: combination.strictness)


def _for_others(stances: Sequence[Stance], count: int) -> Iterator[tuple[Stance, ...]]:
    if count <= FREE:
        yield from product(stances, repeat=count)
        return
    alike = ((most,) * count for most in stances)
    but_one = (
        (*(most,) * place, one, *(most,) * (count - place - 1))
        for most, one in permutations(stances, 2)
        for place in range(count)
    )
    yield from alike
    yield from but_one


def _candidate(given: Case, goal: Goal, which: Combination, needs_opener: bool | None, limit_s: float) -> Candidate:
    case = variant(given, goal, which.stances, str(which), hopeless=False, limit_s=limit_s)
    told = explain_case(case)
    candidate = Candidate(which, case, told, why_forbidden(told, goal, needs_opener=needs_opener))
    if not candidate.forbidden or not needs_opener:
        return candidate
    hopeless = not candidate.linked
    return replace(candidate, case=variant(given, goal, which.stances, str(which), hopeless=hopeless, limit_s=limit_s))


def why_forbidden(told: Explanation, goal: Goal, *, needs_opener: bool | None) -> str:
    """Say why the rules keep a case of which this is told from fulfilling the wish, or nothing."""
    page = next(page for page in told.pages if page.window == goal.own.window)
    if goal.wish.isolated and not page.isolated:
        return f"{NOT_ISOLATED}: {page.reason}"
    if needs_opener:
        cut = next((link for link in told.links if link.fate != "preserved"), None)
        return f"{cut.fate}: {cut.reason}" if cut else ""
    return ""


def _samples(forbidden: Sequence[Candidate]) -> Iterator[Candidate]:
    """The first for each header of the page with the button to which only the link is an obstacle.

    What does not isolate a page by the rules has nothing to show where isolation is wished for.
    """
    seen = set()
    for candidate in forbidden:
        if candidate.combination.app not in seen and not candidate.forbidden.startswith(NOT_ISOLATED):
            seen.add(candidate.combination.app)
            yield candidate
