"""What a flight came to: whether it fulfils the wish in an engine, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from isolab.advise.variant import Goal
from isolab.runner.result import CaseResult, CheckResult, Cut
from isolab.scenario.case import Case, EngineName, same


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fulfilled` is None where it could not be judged. `short` is one word, `why` says more; both "" where fulfilled.

    `isolation` says why the page is not isolated, where that was wished for; `app_says` is the error that the page with
    the button told, if any.
    """

    fulfilled: bool | None
    short: str = ""
    why: str = ""
    isolation: str = ""
    cut: Cut | None = None
    app_says: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A case that was flown, with a verdict for each engine in which it was."""

    case: Case
    verdicts: Mapping[EngineName, Verdict] = field(default_factory=dict)

    @property
    def fulfilled(self) -> bool:
        """Whether the wish is fulfilled in every engine that was asked."""
        return bool(self.verdicts) and all(verdict.fulfilled for verdict in self.verdicts.values())


def tried(case: Case, results: Sequence[CaseResult], goal: Goal, known: Mapping[EngineName, str]) -> Tried:
    """Judge a case by its results. `known` has what the file tells of an engine that differs from the standard."""
    mine = [result for result in results if result.case.id == case.id and result.outcome != "skipped"]
    return Tried(case, {r.engine: verdict(r, goal, known.get(r.engine, "")) for r in mine})


def verdict(result: CaseResult, goal: Goal, known: str) -> Verdict:
    """Judge one result. Checks that only tell why count for nothing."""
    deciding = [check for check in result.checks if goal.decides(check.check)]
    unjudged = [check.error for check in deciding if check.error]
    failing = [check for check in deciding if not _holds(check)]
    if unjudged or (result.error and (result.outcome == "error" or not failing)):
        return Verdict(None, "?", unjudged[0] if unjudged else result.error or "")
    if failing:
        return _why_not(result, failing, goal, known)
    return Verdict(True, notes=tuple(_notes(deciding)))


def _holds(check: CheckResult) -> bool:
    """Whether it is as wished; that WebKitGTK has no SharedArrayBuffer says nothing about headers."""
    bare = check.check.fact == "SharedArrayBuffer" and check.difference is not None
    return check.seen and (bare or same(check.observed, check.check.expected))


def _notes(checks: Sequence[CheckResult]) -> Iterator[str]:
    for check in checks:
        if check.difference is not None and check.difference.note and not check.unexpected_pass:
            yield f"{check.difference.note} ({check.difference.bug})"


def _why_not(result: CaseResult, failing: Sequence[CheckResult], goal: Goal, known: str) -> Verdict:
    lacking = next((check for check in failing if check.check.fact == "crossOriginIsolated"), None)
    success = next((check for check in failing if _is_success(check, goal)), None)
    isolation, says = _isolation(lacking) if lacking else "", _app_says(result, goal)
    if success is None:
        return Verdict(False, "not isolated", isolation=isolation, app_says=says)
    differs = _differs(result, known)
    if result.cut is not None:
        return Verdict(False, "cut", differs, isolation, result.cut, says)
    if link := differs or _severed(result):
        return Verdict(False, "cut", link, isolation, None, says)
    return Verdict(False, "no", result.error or _silence(success), isolation, None, says)


def _is_success(check: CheckResult, goal: Goal) -> bool:
    return check.check.what in {each.what for each in goal.success.checks}


def _isolation(check: CheckResult) -> str:
    if same(check.predicted, check.observed):
        return check.reason
    return f"this engine differs from the standard, by which it is ({check.reason})"


def _severed(result: CaseResult) -> str:
    """What became of a link of which no response is to blame."""
    links = (check for check in result.checks if check.check.fact == "opener")
    return next((f"the link is {c.observed}: {c.reason}" for c in links if c.seen and c.observed != "preserved"), "")


def _differs(result: CaseResult, known: str) -> str:
    """Say that an engine cuts a link that the standard keeps."""
    for check in result.checks:
        if check.check.fact == "opener" and check.seen and not same(check.observed, check.predicted):
            return f"the standard keeps the link here; {known or f'{result.engine} differs from it'}"
    return ""


def _silence(check: CheckResult) -> str:
    said = f"is {check.observed}" if check.seen and check.observed is not None else "was never told"
    return f"{check.check.what} {said}"


def _app_says(result: CaseResult, goal: Goal) -> str:
    told = (c for c in result.checks if c.check.what == f"{goal.own.window}.says.error" and c.observed is not None)
    return next((str(check.observed) for check in told), "")
