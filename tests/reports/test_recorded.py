from __future__ import annotations

from report_runs import passed, run_of, severed, tally_of

from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.places import lab_of
from isolab.reports.recorded import left_out, narrowed, recorded_cases, unexpected_ids
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


def test_what_cannot_be_made_again_is_told_with_what_runs_it() -> None:
    test = "tests/test_signin.py::test_popup[webkit]"
    of_pytest = results_of(lab_of(test), test)
    assert recorded_cases(of_pytest) == []
    assert left_out(of_pytest, [test], []) == {test: f"a test of pytest: `pytest {test}`"}
    other = results_of(id_="other[x=1]")
    assert recorded_cases(other) == []
    assert "its case is not in the text of signin/popup.yaml" in left_out(other, ["other[x=1]"], [])["other[x=1]"]
    assert left_out(results_of(), [SAME.id], [SAME]) == {}


def test_brackets_in_the_name_of_a_folder_are_no_parameters() -> None:
    id_ = SAME.id.replace("signin/", "app/[slug]/")
    (case,) = recorded_cases(results_of("app/[slug]/popup.yaml", id_))
    assert case.id == id_


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
