from __future__ import annotations

from pictured import case_of, file_of, pictured, result_of, since
from report_runs import CHROMIUM

from isolab.reports.form import ResultsFile
from isolab.reports.html.index import Index, index
from isolab.reports.html.overview import folders


def index_of(results: ResultsFile) -> Index:
    return index(results, [row for folder in folders(results) for group in folder.groups for row in group.rows])


def test_every_case_is_a_line_in_the_order_of_the_overview() -> None:
    found = index_of(pictured(60))
    assert found["engines"] == ["chromium", "firefox", "webkit"]
    assert found["outcomes"][:2] == ["passed", "failed"]
    assert [line[0].partition("[")[0] for line in found["cases"][::20]] == [
        "breakage/number-1",
        "isolation/number-2",
        "signin/number-0",
    ]
    assert [[found["tags"][number] for number in line[2]] for line in found["cases"][::20]] == [
        ["popup"],
        ["isolation"],
        ["popup", "signin"],
    ]
    # Case 10 fails in Firefox: number 10 of the last scenario.
    assert found["cases"][50][3] == [0, 1, 0]


def test_what_was_not_run_has_no_outcome() -> None:
    found = index_of(file_of(iter([result_of(case_of(0), CHROMIUM, "skipped")])))
    assert found["cases"][0][3] == [3, -1, -1]


def test_what_changed_is_marked() -> None:
    found = index_of(since(60))
    assert found["compared"]
    assert found["cases"][50][4] == 1
    assert found["cases"][40][4] == 0
    assert not index_of(pictured(20))["compared"]
