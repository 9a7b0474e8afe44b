"""Why combinations do not fulfil the wish, each reason once with the engines and combinations that have it."""

from __future__ import annotations

from collections.abc import Iterator

from isolab.advise.answer import Answer
from isolab.advise.plan import Plan
from isolab.advise.verdict import Verdict
from isolab.reports.failure import cut_sentence
from isolab.reports.words import plural


def reasons(answer: Answer) -> Iterator[str]:
    """A line for each reason, with lines below it; where something was found, only what stricter ones lack."""
    limit = answer.attempts.index(answer.found[0]) if answer.found else len(answer.attempts)
    grouped: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for attempt in answer.attempts[:limit]:
        for engine, verdict in attempt.tried.verdicts.items():
            if not verdict.fulfilled:
                where = grouped.setdefault(tuple(_reason(verdict)), {})
                where.setdefault(str(attempt.combination), []).append(engine)
    for told, where in grouped.items():
        yield from _told(told, where)


def _told(told: tuple[str, ...], where: dict[str, list[str]]) -> Iterator[str]:
    """The engines, then the combinations in which they say so."""
    by_engines: dict[str, list[str]] = {}
    for combination, engines in where.items():
        by_engines.setdefault(", ".join(engines), []).append(combination)
    for engines, combinations in by_engines.items():
        yield f"{' | '.join(combinations)}"
        first, *rest = told
        yield f"  {engines}: {first}"
        yield from (f"    {line}" for line in rest)


def _reason(verdict: Verdict) -> Iterator[str]:
    if verdict.cut is not None:
        yield f"cut by {cut_sentence(verdict.cut)}"
        if verdict.cut.usually_set_by:
            yield f"often set by {', '.join(verdict.cut.usually_set_by)}"
        if verdict.why:
            yield verdict.why
    else:
        yield f"{verdict.short}: {verdict.why}" if verdict.why else verdict.short
    if verdict.app_says:
        yield f"the app says {verdict.app_says}"


def ruled_out(plan: Plan) -> Iterator[str]:
    """The reasons of those that were not flown, each with their number and one sentence."""
    found: dict[str, list[str]] = {}
    for candidate in plan.ruled_out:
        kind, _, why = candidate.forbidden.partition(": ")
        found.setdefault(kind, []).append(why)
    for kind, whys in found.items():
        example = "" if len(set(whys)) == 1 else ", such as"
        yield f"{plural(len(whys), 'combination')} {kind}{example}: {whys[0]}"
