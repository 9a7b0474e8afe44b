"""What the results file has of a conformance run beside its cases."""

from __future__ import annotations

from collections.abc import Iterable

from isolab.conform.outcome import Conformance, Refused, outcome
from isolab.conform.staged import Staged
from isolab.reports.form import ConformanceEntry, RefusedEntry, RowEntry
from isolab.runner.result import CaseResult
from isolab.scenario.case import EngineName

Outcomes = dict[EngineName, list[str]]


def entry(conformance: Conformance, results: Iterable[CaseResult]) -> ConformanceEntry:
    """Write every row, played or not. A row that an engine did not finish has no outcome there."""
    found: dict[str, Outcomes] = {one.row.id: {} for one in conformance.staged}
    for result in results:
        found[result.case.id].setdefault(result.engine, []).append(outcome(result))
    return {
        "rows": [_row(one, found[one.row.id]) for one in conformance.staged],
        "refused": [_refused(one) for one in conformance.refused],
    }


def _row(staged: Staged, outcomes: Outcomes) -> RowEntry:
    row = staged.row
    return {
        "id": row.id,
        "kind": row.kind,
        "source": row.source,
        "outcomes": outcomes,
        "unseen": dict(staged.act.unseen),
    }


def _refused(refused: Refused) -> RefusedEntry:
    row = refused.row
    return {"id": row.id, "kind": row.kind, "source": row.source, "why": refused.why}
