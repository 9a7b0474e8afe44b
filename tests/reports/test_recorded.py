from __future__ import annotations

import pytest
from report_runs import passed, run_of, severed, tally_of

from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.places import OF_LAB
from isolab.reports.recorded import NotRecordedError, narrowed, recorded_cases, unexpected_ids
from isolab.scenario.case import Source
from isolab.scenario.load import load_source

SOURCE = Source(
    "signin/popup.yaml",
    """\
title: A popup keeps its opener
hosts: {app: }
pages: {app: {coop: "${{ app.coop }}"}}
matrix: {app.coop: [unsafe-none, same-origin]}
flow: [open: app]
expect: {app.crossOriginIsolated: false}
""",
)
UNSAFE, SAME = load_source(SOURCE, "signin/popup")


def results_of(scenario: str = SOURCE.path, id_: str = SAME.id) -> ResultsFile:
    """A case that passed in Chromium and failed in WebKit, by these names."""
    results = document(tally_of(run_of([passed(SAME), severed(SAME)])))
    for entry in results["results"]:
        entry["scenario"], entry["id"] = scenario, id_
    return {**results, "scenarios": {scenario: SOURCE.text}}


def test_a_case_is_made_once_and_is_what_it_was() -> None:
    assert recorded_cases(results_of()) == [SAME]


def test_the_lab_of_a_test_is_a_case_of_that_name() -> None:
    test = "tests/test_signin.py::test_popup[webkit]"
    results = results_of(f"{test}{OF_LAB}", test)
    plain = SOURCE.text.replace("matrix: {app.coop: [unsafe-none, same-origin]}\n", "").replace(
        "${{ app.coop }}", "same-origin"
    )
    (case,) = recorded_cases({**results, "scenarios": {f"{test}{OF_LAB}": plain}})
    assert (case.id, case.scenario) == (test, f"{test}{OF_LAB}")


def test_what_is_not_in_its_own_scenario_file_is_not_recorded() -> None:
    with pytest.raises(NotRecordedError, match="no scenario file of its results is in it"):
        recorded_cases(results_of(id_="other[x=1]"))


def test_a_run_of_nothing_has_no_cases() -> None:
    assert recorded_cases({**results_of(), "results": []}) == []


def test_what_was_not_as_expected_in_which_engine() -> None:
    results = results_of()
    assert unexpected_ids(results, ()) == {SAME.id}
    assert unexpected_ids(results, ["webkit"]) == {SAME.id}
    assert unexpected_ids(results, ["chromium"]) == frozenset()


def test_results_are_narrowed_to_cases_and_engines() -> None:
    results = results_of()
    assert [entry["engine"] for entry in narrowed(results, [SAME.id], ["webkit"])["results"]] == ["webkit"]
    assert narrowed(results, ["other"], ["webkit"])["results"] == []
