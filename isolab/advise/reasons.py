"""Why combinations do not fulfil the wish: each reason once, with the engines and the combinations that have it."""

from __future__ import annotations

from collections.abc import Iterator

from isolab.advise.answer import Answer, Attempt
from isolab.advise.plan import Plan
from isolab.advise.verdict import Verdict
from isolab.reports.failure import cut_sentence
from isolab.reports.words import plural, set_by
from isolab.scenario.case import ENGINE_NAMES, EngineName


def reasons(answer: Answer) -> Iterator[str]:
    """A line or more for each reason; where something was found, only what stricter combinations lack.

    Combinations are told by their numbers, which count from 1.
    """
    limit = answer.attempts.index(answer.found[0]) if answer.found else len(answer.attempts)
    grouped: dict[tuple[str, ...], dict[int, set[EngineName]]] = {}
    for number, attempt in enumerate(answer.attempts[:limit], 1):
        for engine, verdict in attempt.tried.verdicts.items():
            for reason in (*told(verdict), *_lost(attempt, verdict)):
                grouped.setdefault(reason, {}).setdefault(number, set()).add(engine)
    for (first, *rest), where in grouped.items():
        yield f"{'; '.join(_where(where))}: {first}"
        yield from (f"  {line}" for line in rest)


def _lost(attempt: Attempt, verdict: Verdict) -> Iterator[tuple[str, ...]]:
    """What a combination that would do blocks."""
    return ((f"it works, but {loss}",) for loss in attempt.losses if verdict.fulfilled)


def _where(where: dict[int, set[EngineName]]) -> Iterator[str]:
    """Combinations that have it in the same engines are told together."""
    by_engines: dict[str, list[str]] = {}
    for number, engines in where.items():
        names = ", ".join(name for name in ENGINE_NAMES if name in engines)
        by_engines.setdefault(names, []).append(str(number))
    yield from (f"{', '.join(numbers)} in {names}" for names, numbers in by_engines.items())


def told(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    """Each reason as a line with lines below it; none where the wish is fulfilled."""
    if verdict.fulfilled:
        return
    if verdict.cut is not None:
        cut = verdict.cut
        names = set_by(cut.usually_set_by, cut.header, cut.from_policy)
        yield f"cut by {cut_sentence(cut)}", *([f"often set by {names}"] if names else [])
    elif verdict.why or not verdict.isolation:
        yield (f"{verdict.short}: {verdict.why}" if verdict.why else verdict.short,)
    if verdict.isolation:
        yield (f"not isolated: {verdict.isolation}",)
    if verdict.app_says:
        yield (f"the app says {verdict.app_says}",)


def ruled_out(plan: Plan) -> Iterator[str]:
    """The reasons of those that were not flown, each with their number and one sentence."""
    found: dict[str, list[str]] = {}
    for candidate in plan.ruled_out:
        kind, _, why = candidate.forbidden.partition(": ")
        found.setdefault(kind, []).append(why)
    for kind, whys in found.items():
        example = "" if len(set(whys)) == 1 else ", such as"
        yield f"{plural(len(whys), 'combination')} {kind}{example}: {whys[0]}"
