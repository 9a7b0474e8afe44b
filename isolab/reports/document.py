"""How a tally becomes a results file."""

from __future__ import annotations

from datetime import UTC

from isolab import __version__
from isolab.reports.failure import case_message, check_messages
from isolab.reports.form import (
    VERSION,
    CheckEntry,
    ConformanceEntry,
    CutEntry,
    DifferenceEntry,
    EnforcementEntry,
    EngineEntry,
    ResultEntry,
    ResultsFile,
)
from isolab.reports.tally import Tally
from isolab.runner.events import Enforcement
from isolab.runner.result import OUTCOMES, CaseResult, CheckResult, Cut, EngineInfo
from isolab.scenario.case import Difference


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
        "results": result_entries(tally),
        "scenarios": {result.case.scenario: result.case.source.text for result in tally.results},
        "not_run": tally.not_run(),
        "summary": {outcome: counts[outcome] for outcome in OUTCOMES},
        "conformance": conformance,
        "baseline": None,
    }


def result_entries(tally: Tally) -> list[ResultEntry]:
    """Make the entries of all results so far."""
    return [_result(result, tally.engines.get(result.engine)) for result in tally.results]


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
        "timeline": list(result.timeline),
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
        "column": result.check.span.column,
        "end_column": result.check.span.end_column,
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
