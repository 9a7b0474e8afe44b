"""Which combinations are worth flying: the strictest first, without those that the standard forbids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from isolab.advise.stance import STANCES, Combination, beside
from isolab.advise.variant import Goal, variant
from isolab.explain.explain import explain_case
from isolab.scenario.case import Case

MOST = 12
"""So many combinations that the rules allow are flown, the weakest of all among them."""
SAMPLES = 3
"""So many that the rules forbid are flown all the same, one for each header of the page with the button."""

NOT_ISOLATED = "not isolated"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A combination as a case; `forbidden` is why by the rules it cannot fulfil the wish, "" where it may."""

    combination: Combination
    case: Case
    forbidden: str = ""


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
    chosen = allowed if len(allowed) <= MOST else [*allowed[: MOST - 1], allowed[-1]]
    samples = list(islice(_samples(forbidden), SAMPLES))
    flown = sorted([*chosen, *samples], key=every.index)
    return Plan(
        tuple(flown),
        tuple(candidate for candidate in forbidden if candidate not in samples),
        tuple(candidate for candidate in allowed if candidate not in chosen),
    )


def combinations(goal: Goal) -> list[Combination]:
    """Every combination of what the app's pages can send, the strictest first."""
    own = goal.own
    found = [
        Combination(dict(zip((own.app, *own.others), (app, *others), strict=True)))
        for app in STANCES
        for others in product(*(beside(app) for _ in own.others))
    ]
    return sorted(found, key=lambda combination: combination.strictness)


def _candidate(given: Case, goal: Goal, which: Combination, needs_opener: bool | None, limit_s: float) -> Candidate:
    case = variant(given, goal, which.stances, str(which), hopeless=False, limit_s=limit_s)
    why = why_forbidden(case, goal, needs_opener=needs_opener)
    if why and needs_opener:
        case = variant(given, goal, which.stances, str(which), hopeless=_is_cut(case), limit_s=limit_s)
    return Candidate(which, case, why)


def why_forbidden(case: Case, goal: Goal, *, needs_opener: bool | None) -> str:
    """Say why the rules keep a case from fulfilling the wish, or nothing."""
    told = explain_case(case)
    page = next(page for page in told.pages if page.window == goal.own.window)
    if goal.wish.isolated and not page.isolated:
        return f"{NOT_ISOLATED}: {page.reason}"
    if needs_opener:
        cut = next((link for link in told.links if link.fate != "preserved"), None)
        return f"{cut.fate}: {cut.reason}" if cut else ""
    return ""


def _is_cut(case: Case) -> bool:
    return any(link.fate != "preserved" for link in explain_case(case).links)


def _samples(forbidden: Sequence[Candidate]) -> Iterator[Candidate]:
    """The first for each header of the page with the button to which only the link is an obstacle.

    What does not isolate a page by the rules has nothing to show where isolation is wished for.
    """
    seen = set()
    for candidate in forbidden:
        if candidate.combination.app not in seen and not candidate.forbidden.startswith(NOT_ISOLATED):
            seen.add(candidate.combination.app)
            yield candidate
