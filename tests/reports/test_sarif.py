from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft4Validator
from report_runs import STEP, a_case, known, passed, run_of, severed, stopped, tally_of, whole_run
from results_files import ROWS, results_files

from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.places import lab_of
from isolab.reports.sarif import render
from isolab.runner.events import Event, RunFinished

SCHEMA = Draft4Validator(json.loads((Path(__file__).parent / "schemas/sarif-2.1.0-rtm.5.json").read_text()))
ROOT = Path.cwd()


def run(events: list[Event]) -> Any:
    log = json.loads(render(document(tally_of(events)), ROOT))
    SCHEMA.validate(log)
    (one,) = log["runs"]
    return one


def test_a_failed_expectation_stands_at_its_place() -> None:
    (result,) = run(run_of([severed(a_case())]))["results"]
    assert (result["ruleId"], result["level"]) == ("expectation", "error")
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "scenarios/signin/popup.yaml"},
        "region": {"startLine": 3, "startColumn": 17, "endLine": 3, "endColumn": 26},
    }
    text = result["message"]["text"]
    assert "popup.opener in webkit: expected preserved, observed severed" in text
    assert "Cut by the response 200 of https://idp.example/login" in text


def test_a_step_that_could_not_be_done_is_told_by_its_line() -> None:
    step, case = run(run_of([stopped(a_case(), step=STEP), stopped(a_case())]))["results"]
    assert step["ruleId"] == "case"
    assert step["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert "region" not in case["locations"][0]["physicalLocation"]


def test_a_row_of_a_conformance_run_stands_in_no_file() -> None:
    log = json.loads(render(document(tally_of(run_of([severed(a_case("row"))])), ROWS), ROOT))
    SCHEMA.validate(log)
    assert log["runs"][0]["results"][0]["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "row"}]}]


def test_what_a_test_declares_stands_in_the_file_of_the_test() -> None:
    results = document(tally_of(run_of([severed(a_case())])))
    results["results"][0]["scenario"] = lab_of("tests/test_popup.py::test_it[webkit]", 2)
    log = json.loads(render(results, ROOT))
    (location,) = log["runs"][0]["results"][0]["locations"]
    assert location == {"physicalLocation": {"artifactLocation": {"uri": "tests/test_popup.py"}}}


def test_a_known_difference_is_suppressed_with_its_bug() -> None:
    (result,) = run(run_of([known(a_case())]))["results"]
    assert (result["ruleId"], result["level"]) == ("known-difference", "note")
    (suppression,) = result["suppressions"]
    assert suppression["kind"] == "external"
    assert "https://bugs.webkit.org/1" in suppression["justification"]


def test_a_run_that_was_not_whole_is_a_result_too() -> None:
    """Code scanning would take no results for nothing found."""
    events = run_of([passed(a_case())], failed="no display", finished=RunFinished(1.0, interrupted=True))
    found = run(events)
    (invocation,) = found["invocations"]
    assert invocation["executionSuccessful"] is False
    told = ["webkit: no display", "the run was interrupted: 0 cases not run"]
    assert [one["message"]["text"] for one in invocation["toolExecutionNotifications"]] == told
    assert [one["message"]["text"] for one in found["results"]] == told
    assert {one["ruleId"] for one in found["results"]} == {"run"}
    place = {"physicalLocation": {"artifactLocation": {"uri": a_case().scenario}}}
    assert [one["locations"] for one in found["results"]] == [[place]] * 2


def test_what_stood_in_the_way_of_a_run_without_results_has_no_place() -> None:
    (result,) = run(run_of([], failed="no display"))["results"]
    assert result["locations"] == []


def test_a_known_difference_that_is_gone_is_a_warning() -> None:
    (result,) = run(run_of([known(a_case(), gone=True)]))["results"]
    assert (result["ruleId"], result["level"]) == ("unexpected-pass", "warning")
    assert "suppressions" not in result


def test_what_is_as_expected_is_no_result() -> None:
    assert run(run_of([passed(a_case())]))["results"] == []


def test_an_engine_that_was_not_to_be_had_is_a_notification_and_the_run_no_success() -> None:
    (invocation,) = run(run_of([], failed="no display"))["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "webkit: no display"


def test_a_run_that_found_failures_has_done_its_work() -> None:
    (invocation,) = run(run_of([severed(a_case())]))["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (True, 1)


def test_a_complaint_keeps_its_fingerprint_wherever_it_stands() -> None:
    first, second = (document(tally_of(run_of([severed(a_case())]))) for _ in range(2))
    second["results"][0]["checks"][0]["line"] += 7
    other = document(tally_of(run_of([severed(a_case("another"))])))
    prints = [
        json.loads(render(r, ROOT))["runs"][0]["results"][0]["partialFingerprints"] for r in (first, second, other)
    ]
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize("events", [whole_run(), [], run_of([], finished=RunFinished(1, interrupted=True, defect="x"))])
def test_every_file_is_as_the_schema_says(events: list[Event]) -> None:
    run(events)


def test_code_scanning_has_all_that_it_asks_of_a_rule() -> None:
    """As GitHub's documentation of its SARIF support has it: none of these may be missing or empty."""
    rules = run(whole_run())["tool"]["driver"]["rules"]
    assert len(rules) == 5
    for rule in rules:
        texts = [rule[key]["text"] for key in ("shortDescription", "fullDescription", "help")]
        assert all(0 < len(text) <= 1024 for text in texts)
        assert len({rule["id"], *texts}) == 4


def test_the_uploader_says_which_analysis_it_is() -> None:
    """GitHub's upload action heeds its `category`, or tells a matrix's jobs apart, only where the file has no id."""
    assert "automationDetails" not in run(whole_run())


def test_the_schema_refuses_what_is_not_sarif() -> None:
    log = json.loads(render(document(tally_of(whole_run())), ROOT))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not SCHEMA.is_valid(log)


@given(results_files())
def test_whatever_the_text_it_is_sarif_and_makes_no_link(results: ResultsFile) -> None:
    text = render(results, ROOT)
    assert text.isascii()
    log = json.loads(text)
    SCHEMA.validate(log)
    assert all("](" not in result["message"]["text"] for result in log["runs"][0]["results"])
