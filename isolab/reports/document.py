"""The results file's form, version 1 (docs/results.md explains every key), and how a tally becomes it.

JUnit and HTML are made from this form too, so they can be made again from a results file.
"""

from __future__ import annotations

from datetime import UTC
from typing import Literal, TypedDict

from isolab import __version__
from isolab.reports.failure import case_message, check_messages
from isolab.reports.tally import Tally
from isolab.runner.events import Enforcement
from isolab.runner.result import OUTCOMES, CaseResult, CheckResult, Cut, EngineInfo, Outcome
from isolab.scenario.case import Difference, EngineName, Scalar

VERSION: Literal[1] = 1


class EnforcementEntry(TypedDict):
    """What the engine was seen to enforce before the first case; null: not measured."""

    keeps_opener: bool | None
    severs: bool | None
    isolates: bool | None
    shares_memory: bool | None
    detail: list[str]


class EngineEntry(TypedDict):
    """An engine of the run; `failed` says why it could not be started, or null."""

    name: EngineName
    version: str
    driver: str
    executable: str
    enforcement: EnforcementEntry | None
    failed: str | None


class DifferenceEntry(TypedDict):
    """A known difference that applied; `versions` is a PEP 440 specifier set."""

    versions: str
    observed: Scalar
    bug: str
    note: str


class CheckEntry(TypedDict):
    """One expectation; `message` is the excerpt with the caret where the check is not as expected, else null."""

    what: str
    expected: Scalar
    observed: Scalar
    predicted: Scalar
    ok: bool
    difference: DifferenceEntry | None
    seen: bool
    unexpected_pass: bool
    error: str | None
    reason: str
    line: int
    message: str | None


CutEntry = TypedDict(
    "CutEntry",
    {
        "url": str,
        "status": int,
        "header": str,
        "from": str,
        "to": str,
        "redirect": bool,
        "usually_set_by": list[str],
    },
)
"""The response that severed an opener link."""


class ResultEntry(TypedDict):
    """One case in one engine; `duration_s` in seconds.

    `line` is that of the step that could not be done, or null; `message` tells of `error` as the terminal shows it.
    `cuts` has an entry for each severed popup by its name, `cut` is the first of them.
    """

    id: str
    scenario: str
    title: str
    params: dict[str, Scalar]
    tags: list[str]
    links: list[str]
    engine: EngineName
    outcome: Outcome
    duration_s: float
    attempts: int
    checks: list[CheckEntry]
    cut: CutEntry | None
    cuts: dict[str, CutEntry]
    error: str | None
    line: int | None
    message: str | None
    skipped: str | None
    artifacts: list[str]


class RowEntry(TypedDict):
    """A row of a conformance run: what it came to in each engine, and what it states that no check shows, and why."""

    id: str
    kind: str
    source: str
    outcomes: dict[EngineName, list[str]]
    unseen: dict[str, str]


class RefusedEntry(TypedDict):
    """A row that was not played, and why."""

    id: str
    kind: str
    source: str
    why: str


class ConformanceEntry(TypedDict):
    """What a conformance run had beside its cases."""

    rows: list[RowEntry]
    refused: list[RefusedEntry]


class ResultsFile(TypedDict):
    """The whole file; `duration_s` in seconds, `started` in UTC (RFC 3339). `conformance` is null but for `conform`."""

    version: Literal[1]
    isolab: str
    started: str
    duration_s: float
    interrupted: bool
    defects: list[str]
    unavailable: list[str]
    notes: list[str]
    engines: list[EngineEntry]
    results: list[ResultEntry]
    not_run: int
    summary: dict[str, int]
    conformance: ConformanceEntry | None


def document(tally: Tally, conformance: ConformanceEntry | None = None) -> ResultsFile:
    """Make the results file of all that the tally holds, also of an unfinished run."""
    counts = tally.counts()
    return {
        "version": VERSION,
        "isolab": __version__,
        "started": tally.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "duration_s": round(tally.duration_s, 3),
        "interrupted": tally.interrupted,
        "defects": list(tally.defects),
        "unavailable": list(tally.unavailable),
        "notes": list(tally.notes),
        "engines": [_engine(tally, info) for info in tally.engines.values()],
        "results": [_result(result, tally.engines.get(result.engine)) for result in tally.results],
        "not_run": tally.not_run(),
        "summary": {outcome: counts[outcome] for outcome in OUTCOMES},
        "conformance": conformance,
    }


def _engine(tally: Tally, info: EngineInfo) -> EngineEntry:
    enforcement = tally.enforcement.get(info.name)
    return {
        "name": info.name,
        "version": info.version,
        "driver": info.driver,
        "executable": info.executable,
        "enforcement": None if enforcement is None else enforcement_entry(enforcement),
        "failed": tally.engine_failures.get(info.name),
    }


def enforcement_entry(enforcement: Enforcement) -> EnforcementEntry:
    """Write what was measured of an engine as the results file and `doctor --json` have it."""
    return {
        "keeps_opener": enforcement.keeps_opener,
        "severs": enforcement.severs,
        "isolates": enforcement.isolates,
        "shares_memory": enforcement.shares_memory,
        "detail": list(enforcement.detail),
    }


def _result(result: CaseResult, info: EngineInfo | None) -> ResultEntry:
    case = result.case
    messages = check_messages(result, info)
    return {
        "id": case.id,
        "scenario": case.scenario,
        "title": case.title,
        "params": dict(case.params),
        "tags": list(case.tags),
        "links": list(case.links),
        "engine": result.engine,
        "outcome": result.outcome,
        "duration_s": round(result.duration_s, 3),
        "attempts": result.attempts,
        "checks": [_check(check, messages.get(index)) for index, check in enumerate(result.checks)],
        "cut": None if result.cut is None else _cut(result.cut),
        "cuts": {window: _cut(cut) for window, cut in result.cuts.items()},
        "error": result.error,
        "line": None if result.error_span is None else result.error_span.line,
        "message": next(iter(case_message(result, info)), None),
        "skipped": result.skipped,
        "artifacts": list(result.artifacts),
    }


def _check(result: CheckResult, message: str | None) -> CheckEntry:
    return {
        "what": result.check.what,
        "expected": result.check.expected,
        "observed": result.observed,
        "predicted": result.predicted,
        "ok": result.ok,
        "difference": None if result.difference is None else _difference(result.difference),
        "seen": result.seen,
        "unexpected_pass": result.unexpected_pass,
        "error": result.error,
        "reason": result.reason,
        "line": result.check.span.line,
        "message": message,
    }


def _difference(difference: Difference) -> DifferenceEntry:
    return {
        "versions": difference.versions,
        "observed": difference.observed,
        "bug": difference.bug,
        "note": difference.note,
    }


def _cut(cut: Cut) -> CutEntry:
    return {
        "url": cut.url,
        "status": cut.status,
        "header": cut.header,
        "from": cut.from_policy,
        "to": cut.to_policy,
        "redirect": cut.redirect,
        "usually_set_by": list(cut.usually_set_by),
    }


def failing(result: ResultEntry) -> bool:
    """Whether the outcome makes the run fail (exit code 1)."""
    return result["outcome"] in ("failed", "error")
