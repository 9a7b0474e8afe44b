from __future__ import annotations

from dataclasses import replace

from pictured import ENGINES, case_of, file_of, pictured, result_of, results_of

from isolab.reports.html.overview import Cell, folders
from isolab.scenario.case import Source


def test_scenarios_are_by_folder_and_cases_by_scenario() -> None:
    found = folders(pictured(60))
    assert [folder.name for folder in found] == ["breakage", "isolation", "signin"]
    assert [[group.name for group in folder.groups] for folder in found] == [["number-1"], ["number-2"], ["number-0"]]
    assert [folder.cases for folder in found] == [20, 20, 20]
    assert found[2].groups[0].rows[0].name == "app.coop=None,hops=0"


def test_a_row_has_a_cell_for_each_engine() -> None:
    (folder,) = folders(file_of(results_of(20)))
    (group,) = folder.groups
    assert [cell.outcome for cell in group.rows[3].cells] == ["passed", "passed", "passed"]
    assert [cell.outcome for cell in group.rows[10].cells] == ["passed", "failed", "passed"]
    assert not group.calm
    assert group.counts == (
        (("passed", 20),),
        (("failed", 1), ("passed", 19)),
        (("known-difference", 1), ("passed", 19)),
    )


def test_a_case_that_one_engine_did_not_run_says_so() -> None:
    (folder,) = folders(file_of(iter([result_of(case_of(0), ENGINES[0], "passed")])))
    (group,) = folder.groups
    assert [cell.label for cell in group.rows[0].cells] == ["passed", "not run", "not run"]
    assert group.calm
    assert group.counts[1] == ((None, 1),)


def test_repeated_cases_show_the_worst_outcome() -> None:
    results = file_of(result_of(case_of(0), ENGINES[0], each) for each in ("passed", "failed", "passed"))
    cell = folders(results)[0].groups[0].rows[0].cells[0]
    assert cell.label == "failed (the worst of 3)"
    assert [result["outcome"] for result in cell.results] == ["failed", "passed", "passed"]
    assert Cell(()).outcome is None


def test_a_case_without_a_matrix_is_named_by_its_id() -> None:
    case = replace(case_of(0), id="own", source=Source("own.yml", ""), params={})
    (folder,) = folders(file_of(iter([result_of(case, ENGINES[0], "passed")])))
    assert (folder.name, folder.groups[0].name, folder.groups[0].rows[0].name) == ("", "own", "own")


def test_the_title_is_shown_where_all_cases_share_it() -> None:
    cases = [case_of(0), replace(case_of(1), title="another")]
    results = file_of(result_of(case, ENGINES[0], "passed") for case in cases)
    assert folders(results)[0].groups[0].title == ""
    assert folders(pictured(20))[0].groups[0].title == "Sign-in by popup, flow 0"
