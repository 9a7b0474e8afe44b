from __future__ import annotations

from dataclasses import replace

import pytest
from conform_rows import popup_row

from isolab.conform.outcome import Conformance, Outcome, Refused, outcome
from isolab.conform.row import Row
from isolab.conform.stage import stage
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
def test_what_a_row_came_to(ran: Ran, notes: tuple[str, ...], came_to: Outcome) -> None:
    assert outcome(result(0, ran, "chromium", *notes)) == came_to


def test_every_row_is_counted_once_in_each_engine() -> None:
    refused = [Refused(Row("sab/a/01", "sab", {}, {}), "why")]
    conformance = Conformance(STAGED, refused)
    results = [result(0, "passed"), result(1, "failed"), result(2, "passed", "webkit")]
    counts = conformance.counts(results, "chromium")
    assert counts["popup"] == {"agrees": 1, "new difference": 1, "could not be run": 1}
    assert counts["sab"] == {"could not be run": 1}
    assert conformance.counts(results, "firefox")["popup"] == {"could not be run": 3}


def test_a_row_that_was_run_again_and_again_is_counted_each_time() -> None:
    results = [result(n, "passed") for n in range(3)] * 2
    assert Conformance(STAGED, []).counts(results, "chromium")["popup"] == {"agrees": 6, "could not be run": 0}
    assert outcome(replace(results[0], attempts=2)) == "agrees"
