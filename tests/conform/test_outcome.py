from __future__ import annotations

import pytest
from conform_rows import popup_row

from isolab.conform.outcome import outcome
from isolab.conform.stage import stage
from isolab.reports.row_tables import RowOutcome
from isolab.runner.result import CaseResult, CheckResult
from isolab.runner.result import Outcome as Ran
from isolab.scenario.case import Difference, EngineName

STAGED = [stage(popup_row(f"popup/a/{n:02}")) for n in range(3)]


def result(number: int, ran: Ran, engine: EngineName = "chromium", *notes: str) -> CaseResult:
    case = STAGED[number].case
    check = case.checks[0]
    checks = [
        CheckResult(
            check, "severed", None, ok=True, difference=Difference(engine, "", "severed", "b", note, check.span)
        )
        for note in notes
    ]
    return CaseResult(case, engine, ran, 0.1, tuple(checks))


@pytest.mark.parametrize(
    ("ran", "notes", "came_to"),
    [
        ("passed", (), "agrees"),
        ("flaky", (), "agrees"),
        ("failed", (), "new difference"),
        ("unexpected-pass", (), "unexpected pass"),
        ("known-difference", ("does not cut",), "known difference"),
        ("known-difference", ("not supported: x", "does not cut"), "known difference"),
        ("known-difference", ("not supported: x",), "not supported"),
        ("error", (), "could not be run"),
        ("skipped", (), "could not be run"),
    ],
)
def test_what_a_row_came_to(ran: Ran, notes: tuple[str, ...], came_to: RowOutcome) -> None:
    assert outcome(result(0, ran, "chromium", *notes)) == came_to
