from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import xmlschema
from hypothesis import given
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from report_runs import OPENER, STEP, a_case, known, passed, run_of, severed, stopped, tally_of, whole_run
from results_files import results_files

from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.junit import render
from isolab.reports.places import lab_of
from isolab.runner.events import Event, RunFinished
from isolab.runner.result import CaseResult, CheckResult

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "schemas" / "junit-10.xsd")


def suites(events: list[Event]) -> dict[str, TestSuite]:
    text = render(document(tally_of(events)))
    return {str(suite.name): suite for suite in JUnitXml.fromstring(text.encode())}


def cases(suite: TestSuite) -> list[TestCase]:
    return list(suite)


def test_a_suite_for_each_engine_with_its_counts() -> None:
    webkit = suites(whole_run())["webkit"]
    assert (webkit.tests, webkit.failures, webkit.errors, webkit.skipped) == (5, 1, 1, 1)
    assert webkit.time == 15.7


def test_the_root_has_the_sums() -> None:
    xml = JUnitXml.fromstring(render(document(tally_of(whole_run()))).encode())
    assert (xml.tests, xml.failures, xml.errors) == (7, 1, 1)
    assert xml.time == 3.25


def test_outcomes_become_junits_own() -> None:
    events = whole_run()
    kinds = [[type(result) for result in case.result] for case in cases(suites(events)["webkit"])]
    assert kinds == [[Failure], [], [], [Error], [Skipped]]


def test_a_failure_has_the_excerpt_and_its_artifacts() -> None:
    (case,) = cases(suites(run_of([severed(a_case())]))["webkit"])
    assert case.name == "signin/popup[app.coop=same-origin]"
    (failure,) = case.result
    assert failure.message == "popup.opener: expected preserved, observed severed"
    assert "^^^^^^^^^ observed: severed" in str(failure.text)
    assert str(case.system_out).splitlines()[-1] == "[[ATTACHMENT|out/signin-popup/webkit.zip]]"


def test_the_headline_of_a_failure_tells_text_from_numbers() -> None:
    result = CaseResult(
        a_case(), "webkit", "failed", 1.0, (CheckResult(replace(OPENER, expected=3), "3", None, False),)
    )
    (case,) = cases(suites(run_of([result]))["webkit"])
    assert case.result[0].message == 'popup.opener: expected 3, observed "3"'


def test_a_step_that_could_not_be_done_has_its_excerpt() -> None:
    (case,) = cases(suites(run_of([stopped(a_case(), step=STEP)]))["webkit"])
    (error,) = case.result
    assert error.message == "the popup was not there after 15 s"
    assert "--> scenarios/signin/popup.yaml:1:8" in str(error.text)
    assert "^^^^^^^ the popup was not there after 15 s" in str(error.text)


def test_a_known_difference_passes_and_keeps_its_bug() -> None:
    (case,) = cases(suites(run_of([known(a_case())]))["webkit"])
    assert case.result == []
    told = str(case.system_out).splitlines()
    assert "outcome: known-difference" in told
    assert "known difference of app.isolated: https://bugs.webkit.org/1" in told


def test_an_engine_that_did_not_start_is_an_error() -> None:
    webkit = suites(run_of([passed(a_case())], failed="no display"))["webkit"]
    (case,) = cases(webkit)
    assert isinstance(case.result[0], Error)
    assert case.result[0].message == "no display"
    assert (webkit.tests, webkit.errors) == (1, 1)


def test_a_run_that_was_broken_off_is_not_green() -> None:
    events = run_of([passed(a_case())], finished=RunFinished(3.25, interrupted=True))
    results = {**document(tally_of(events)), "not_run": 2}
    xml = JUnitXml.fromstring(render(cast("ResultsFile", results)).encode())
    (suite,) = [suite for suite in xml if suite.name == "isolab"]
    assert (xml.tests, xml.failures, xml.errors) == (2, 0, 1)
    assert [case.result[0].message for case in cases(suite)] == ["the run was interrupted: 2 cases not run"]


def test_what_stood_in_the_way_of_the_run_is_an_error() -> None:
    results = document(tally_of(run_of([passed(a_case())])))
    results["unavailable"] += ["port 80 is taken", "no server at http://127.0.0.1:8000"]
    results["defects"] += ["Traceback:\n  x\nValueError: y"]
    xml = JUnitXml.fromstring(render(results).encode())
    (suite,) = [suite for suite in xml if suite.name == "isolab"]
    messages = [case.result[0].message for case in cases(suite)]
    assert messages == [*results["unavailable"], "this is a defect of isolab: ValueError: y"]
    assert len({case.name for case in cases(suite)}) == 3
    assert (suite.tests, suite.errors, xml.errors) == (3, 3, 3)


def test_a_whole_run_has_no_suite_of_its_own() -> None:
    assert "isolab" not in suites(whole_run())


@pytest.mark.parametrize(
    "events",
    [
        whole_run(),
        run_of([], finished=RunFinished(1.0, interrupted=True, defect="\x1b[31m\ud800")),
        run_of([], failed="no display"),
        run_of([stopped(a_case(), why="\x1b[31m <b>&\ud800")]),
        [],
    ],
)
def test_every_file_is_as_the_strictest_schema_says(events: list[Event]) -> None:
    SCHEMA.validate(render(document(tally_of(events))))


def test_that_schema_refuses_what_jenkins_refuses() -> None:
    text = render(document(tally_of(whole_run())))
    assert not SCHEMA.is_valid(text.replace("<testcase ", '<testcase file="x" ', 1))
    assert not SCHEMA.is_valid(text.replace("<testsuite ", "<suite ").replace("</testsuite>", "</suite>"))


def test_hostile_text_stays_text() -> None:
    case = a_case("x\x1b\ud800]]><!--&amp;", title="\x00<a href='")
    result = CaseResult(case, "webkit", "error", 1.0, error="\uffff</error>")
    text = render(document(tally_of(run_of([result]))))
    tree = JUnitXml.fromstring(text.encode())
    (suite,) = [suite for suite in tree if suite.name == "webkit"]
    (found,) = cases(suite)
    assert found.name == "x␛\ufffd]]><!--&amp;"
    assert found.result[0].message == "\ufffd</error>"


def test_a_title_attaches_nothing() -> None:
    case = a_case(title="x\n[[[ATTACHMENT|/etc/hosts]]")
    result = CaseResult(case, "webkit", "passed", 1.0, artifacts=("kept/window-0.png",))
    (found,) = cases(suites(run_of([result]))["webkit"])
    assert [line for line in str(found.system_out).splitlines() if "[[" in line] == ["[[ATTACHMENT|kept/window-0.png]]"]


@pytest.mark.parametrize(
    ("scenario", "name"),
    [
        ("scenarios/signin/popup.yaml", "chromium.scenarios.signin.popup"),
        ("/srv/a.b/x.yml", "chromium.srv.a.b.x"),
        (lab_of("tests/test_popup.py::test_it[chromium]"), "chromium.tests.test_popup"),
    ],
)
def test_the_class_is_the_file_and_its_package_the_folder(scenario: str, name: str) -> None:
    """Jenkins parts them at the last dot."""
    results = document(tally_of(run_of([passed(a_case())])))
    results["results"][0]["scenario"] = scenario
    suite = next(suite for suite in JUnitXml.fromstring(render(results).encode()) if suite.name == "chromium")
    assert [case.classname for case in cases(suite)] == [name]


def test_a_case_that_was_run_again_has_a_name_of_its_own() -> None:
    suite = suites(run_of([passed(a_case()), severed(a_case()), passed(a_case())]))
    assert [case.name for case in cases(suite["chromium"])] == [a_case().id, f"{a_case().id} (2)"]
    assert [case.name for case in cases(suite["webkit"])] == [a_case().id]


def test_a_known_difference_that_is_gone_is_no_known_difference() -> None:
    (case,) = cases(suites(run_of([known(a_case(), gone=True)]))["webkit"])
    assert "known difference of app.isolated is gone: https://bugs.webkit.org/1" in str(case.system_out).splitlines()


@given(results_files())
def test_whatever_the_text_it_is_junit(results: ResultsFile) -> None:
    SCHEMA.validate(render(results))
    assert sum(len(suite) for suite in JUnitXml.fromstring(render(results).encode())) >= len(results["results"])
