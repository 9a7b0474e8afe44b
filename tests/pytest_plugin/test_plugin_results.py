"""`--isolab-json`: what pytest's cases came to, as a results file."""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from report_runs import a_case
from user_project import SCENARIO, run, scenario

from isolab.engines.engine import Engine, Launch, Session
from isolab.pytest_plugin.house import House
from isolab.pytest_plugin.results import Results
from isolab.reports import json_file
from isolab.reports.reread import read
from isolab.runner.events import CaseFinished
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult


def written(pytester: pytest.Pytester) -> Any:
    results = json.loads((pytester.path / "out.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads(json_file.schema())).validate(results)
    return results


@pytest.mark.browser
@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_a_run_has_a_results_file_however_many_processes_share_it(
    pytester: pytest.Pytester, chromium: Engine, more: tuple[str, ...]
) -> None:
    scenario(pytester, SCENARIO.replace("login.opener: severed", "login.opener: preserved"))
    result = run(pytester, "--isolab-engine", chromium.name, "--isolab-json", "out.json", *more)
    result.assert_outcomes(passed=1, failed=1)
    results = written(pytester)
    assert {entry["id"]: entry["outcome"] for entry in results["results"]} == {
        "popup.isolab[coop=absent]": "passed",
        "popup.isolab[coop=same-origin]": "failed",
    }
    assert [engine["name"] for engine in results["engines"]] == ["chromium"]
    assert results["engines"][0]["enforcement"]["severs"] is True
    assert (results["interrupted"], results["not_run"], results["summary"]["failed"]) == (False, 0, 1)
    assert results["duration_s"] > 0


def test_a_run_without_cases_has_one_with_nothing_in_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")
    run(pytester, "--isolab-json", "out.json").assert_outcomes(passed=1)
    assert written(pytester)["results"] == []


def test_without_the_option_there_is_none(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")
    run(pytester).assert_outcomes(passed=1)
    assert not (pytester.path / "out.json").exists()


def test_a_file_that_cannot_be_written_is_told_before_any_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")
    result = run(pytester, "--isolab-json", "none/out.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --isolab-json: cannot write none/out.json: the folder * does not exist"])


def test_a_file_that_could_not_be_written_in_the_end_is_told_and_fails_the_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import shutil\ndef test_it(): shutil.rmtree('out')")
    pytester.mkdir("out")
    result = run(pytester, "--isolab-json", "out/out.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--isolab-json: could not write out/out.json: No such file or directory"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--isolab-timeout", "-1", "the timeout -1 is out of range: seconds, more than 0 and at most 600"),
        ("--isolab-timeout", "nan", "the timeout nan is out of range: seconds, more than 0 and at most 600"),
        ("--isolab-artifacts", "kept", "kept is a file, and a folder is wanted"),
    ],
)
def test_what_cannot_work_is_told_before_any_test(
    pytester: pytest.Pytester, option: str, value: str, told: str
) -> None:
    pytester.makepyfile("def test_it(): pass")
    (pytester.path / "kept").write_text("", encoding="utf-8")
    result = run(pytester, option, value)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {option}: {told}"])


def _ended(results: Results, pytester: pytest.Pytester, house: House | None = None) -> None:
    results.finish(pytest.Session.from_config(pytester.parseconfig()), house, interrupted=False)


def test_what_is_to_be_noted_of_a_run_is_in_the_file(
    tmp_path: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(House, "notes", ("a case was flown anew",))
    monkeypatch.setattr(House, "defects", ("Traceback ...",))
    _ended(Results(str(tmp_path / "out.json")), pytester, House((), RunOptions()))
    file = read(tmp_path / "out.json")
    assert (file["notes"], file["defects"]) == (["a case was flown anew"], ["Traceback ..."])


def _never_started(_launch: Launch) -> AbstractAsyncContextManager[Session]:
    raise AssertionError("no browser is needed")


def test_an_engine_in_which_all_was_skipped_before_it_started_is_listed(
    tmp_path: Path, pytester: pytest.Pytester
) -> None:
    results = Results(str(tmp_path / "out.json"))
    engines = [
        Engine(name, "2.50.6", "webdriver", f"/opt/{name}", False, "made up", _never_started)
        for name in ("firefox", "webkit")
    ]
    results.know(engines)
    results.tally(CaseFinished(CaseResult(a_case(), "webkit", "skipped", 0.0, skipped="no passkeys here")))
    _ended(results, pytester)
    (engine,) = read(tmp_path / "out.json")["engines"]
    assert (engine["name"], engine["version"], engine["executable"]) == ("webkit", "2.50.6", "/opt/webkit")
    assert engine["enforcement"] is None
