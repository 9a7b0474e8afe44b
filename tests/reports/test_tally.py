from __future__ import annotations

from dataclasses import replace

import pytest
from report_runs import a_case, known, passed, run_of, severed, stopped, tally_of, whole_run

from isolab.reports.tally import Tally
from isolab.runner.events import RunFinished
from isolab.runner.result import CaseResult


def test_counts_by_engine_and_in_all() -> None:
    tally = tally_of(whole_run())
    assert tally.counts()["passed"] == 1
    assert tally.counts("chromium") == {"passed": 1, "flaky": 1}
    assert tally.counts("webkit") == {
        "failed": 1,
        "known-difference": 1,
        "unexpected-pass": 1,
        "error": 1,
        "skipped": 1,
    }


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([passed(a_case())], 0),
        ([known(a_case())], 0),
        ([known(a_case(), gone=True)], 0),
        ([CaseResult(a_case(), "webkit", "flaky", 1.0, attempts=2)], 0),
        ([CaseResult(a_case(), "webkit", "skipped", 0.0, skipped="why")], 0),
        ([passed(a_case()), severed(a_case())], 1),
        ([stopped(a_case()), passed(a_case())], 1),
        ([], 5),
    ],
)
def test_exit_code_follows_from_the_outcomes(results: list[CaseResult], code: int) -> None:
    assert tally_of(run_of(results)).exit_code() == code


def test_exit_codes_in_the_order_of_the_contract() -> None:
    failed = [severed(a_case())]
    defect = RunFinished(1.0, defect="ValueError: x")
    assert tally_of(run_of(failed, finished=defect)).exit_code() == 4
    assert tally_of(run_of(failed, failed="no such file", finished=defect)).exit_code() == 3
    assert tally_of(run_of(failed, failed="x", finished=replace(defect, interrupted=True))).exit_code() == 130


def test_a_port_that_is_not_to_be_had_is_exit_code_3() -> None:
    tally = Tally(unavailable=["port 8443 is taken"])
    assert tally.exit_code() == 3


def test_cases_that_were_not_reached_are_counted() -> None:
    events = run_of([passed(a_case()), severed(a_case())])
    unfinished = events[:5]
    assert tally_of(unfinished).not_run() == 1
    assert tally_of(events).not_run() == 0


def test_cases_that_were_announced_are_not_nothing() -> None:
    """An engine that died before its first case leaves no result, yet something was selected."""
    tally = tally_of(run_of([severed(a_case())], failed="it died")[:3])
    assert tally.exit_code() == 3
    assert tally.not_run() == 1
