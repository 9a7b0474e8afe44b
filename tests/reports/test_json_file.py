from __future__ import annotations

import json
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from report_runs import CUT, OPENER, STARTED, STEP, a_case, known, passed, run_of, severed, stopped, tally_of, whole_run
from results_files import results_files

from isolab import __version__
from isolab.reports.baseline import compared
from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.json_file import render, schema
from isolab.reports.tally import Tally
from isolab.runner.events import Event, RunFinished
from isolab.runner.result import CaseResult, CheckResult


def written(events: list[Event]) -> Any:
    text = render(document(tally_of(events)))
    assert text.isascii()
    return json.loads(text)


def test_the_form_that_other_tools_lean_on() -> None:
    """Version 1 as it was promised: these keys, these values; more may be there."""
    results = written(run_of([severed(a_case())]))
    assert results["version"] == 1
    assert results["isolab"] == __version__
    assert results["started"] == "2026-11-22T10:00:00Z"
    assert results["duration_s"] == 3.25
    webkit = next(engine for engine in results["engines"] if engine["name"] == "webkit")
    assert webkit.items() >= {"version": "2.50.6", "driver": "webdriver", "executable": "/usr/lib/MiniBrowser"}.items()
    (result,) = results["results"]
    assert result["id"] == "signin/popup[app.coop=same-origin]"
    assert result["scenario"] == "scenarios/signin/popup.yaml"
    assert result["engine"] == "webkit"
    assert result["outcome"] == "failed"
    assert result["duration_s"] == 0.5
    assert result["artifacts"] == ["out/signin-popup/webkit.zip"]
    expected = {"what": "popup.opener", "expected": "preserved", "observed": "severed", "predicted": "severed"}
    assert result["checks"][0].items() >= {**expected, "ok": False, "difference": None}.items()
    assert (
        result["cut"].items()
        >= {
            "url": "https://idp.example/login",
            "status": 200,
            "header": "Cross-Origin-Opener-Policy: same-origin",
            "from": "unsafe-none",
            "to": "same-origin",
        }.items()
    )
    assert results["summary"] == {
        "passed": 0,
        "failed": 1,
        "error": 0,
        "skipped": 0,
        "known-difference": 0,
        "unexpected-pass": 0,
        "flaky": 0,
    }


def test_what_a_page_says_may_be_an_object() -> None:
    said: Any = {"a": [1]}
    result = CaseResult(a_case(), "webkit", "failed", 1.0, (CheckResult(OPENER, said, None, ok=False),))
    results = written(run_of([result]))
    assert results["results"][0]["checks"][0]["observed"] == said
    Draft202012Validator(json.loads(schema())).validate(results)


def test_what_is_not_there_is_null() -> None:
    (result,) = written(run_of([passed(a_case())]))["results"]
    assert result["cut"] is None
    assert result["error"] is None
    assert result["checks"][0]["message"] is None


def test_the_message_of_a_failed_check_is_kept() -> None:
    first, second = written(run_of([severed(a_case())]))["results"][0]["checks"]
    assert "^^^^^^^^^ observed: severed" in first["message"]
    assert second["message"] is None


def test_a_step_that_could_not_be_done_is_told_with_its_place() -> None:
    step, case, fine = written(run_of([stopped(a_case(), step=STEP), stopped(a_case()), passed(a_case())]))["results"]
    assert step["line"] == 1
    assert "^^^^^^^ the popup was not there after 15 s" in step["message"]
    assert (case["line"], fine["line"], fine["message"]) == (None, None, None)
    assert "= why: the popup was not there after 15 s" in case["message"]


def test_a_difference_keeps_its_bug() -> None:
    (check,) = written(run_of([known(a_case())]))["results"][0]["checks"]
    assert check["difference"]["bug"] == "https://bugs.webkit.org/1"
    assert check["ok"] is True


@pytest.mark.parametrize(
    "events",
    [
        whole_run(),
        run_of([]),
        run_of([], failed="no such file"),
        run_of([stopped(a_case())], finished=RunFinished(1.0, interrupted=True, defect="x", notes=("n",))),
        run_of([passed(a_case())])[:-1],
        [],
    ],
)
def test_every_file_is_as_the_schema_says(events: list[Event]) -> None:
    loaded = json.loads(schema())
    Draft202012Validator.check_schema(loaded)
    Draft202012Validator(loaded).validate(written(events))


@settings(max_examples=40)
@given(results_files(), results_files())
def test_whatever_the_text_a_file_is_as_the_schema_says(now: ResultsFile, before: ResultsFile) -> None:
    text = render(compared(now, before, "before.json"))
    assert text.isascii()
    Draft202012Validator(json.loads(schema())).validate(json.loads(text))


def test_the_schema_refuses_what_is_not_version_1() -> None:
    validator = Draft202012Validator(json.loads(schema()))
    good = written(whole_run())
    for broken in (
        {**good, "version": 2},
        {key: value for key, value in good.items() if key != "summary"},
        {**good, "summary": {**good["summary"], "xfailed": 1}},
        {**good, "results": [{**good["results"][0], "outcome": "ok"}]},
        {**good, "results": [{**good["results"][0], "line": 0}]},
    ):
        assert not validator.is_valid(broken)


def test_an_unfinished_run_keeps_what_was_measured() -> None:
    results = written(run_of([passed(a_case()), severed(a_case())])[:-2])
    assert [result["outcome"] for result in results["results"]] == ["passed"]
    assert results["not_run"] == 1


def test_started_is_told_in_utc() -> None:
    tally = Tally(started=STARTED.astimezone(timezone(timedelta(hours=-5))))
    assert document(tally)["started"] == "2026-11-22T10:00:00Z"


def test_text_that_json_can_hardly_hold_is_written_all_the_same() -> None:
    checks = (CheckResult(OPENER, "\ud800\x1b", float("nan"), ok=False), CheckResult(OPENER, "\u2028", None, ok=True))
    (result,) = written(run_of([CaseResult(a_case(), "webkit", "failed", 1.0, checks, {"popup": CUT})]))["results"]
    assert result["checks"][0]["observed"] == "\ud800\x1b"
    assert result["checks"][0]["predicted"] == "nan"
