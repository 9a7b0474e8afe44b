from __future__ import annotations

from report_runs import run_of, tally_of

from isolab.reports.document import document
from isolab.reports.form import ConformanceEntry, ResultsFile
from isolab.reports.merge import merged
from isolab.reports.merge_rows import merged_rows
from isolab.reports.row_tables import row_counts
from isolab.scenario.case import EngineName


def part(engine: EngineName, *played: str, refused: tuple[str, ...] = ()) -> ConformanceEntry:
    return {
        "rows": [
            {"id": id_, "kind": "popup", "source": "s", "outcomes": {engine: ["agrees"]}, "unseen": {}}
            for id_ in played
        ],
        "refused": [{"id": id_, "kind": "popup", "source": "s", "why": "no such thing"} for id_ in refused],
    }


def test_a_row_that_several_engines_played_is_one() -> None:
    both = merged_rows([part("chromium", "a", "b", refused=("c",)), part("firefox", "a", "b", refused=("c",))])
    for engine in ("chromium", "firefox"):
        assert row_counts(both, engine) == {"popup": {"agrees": 2, "could not be run": 1}}


def test_a_row_that_was_played_anywhere_was_not_refused() -> None:
    both = merged_rows([part("chromium", refused=("a",)), part("firefox", "a")])
    assert (len(both["rows"]), both["refused"]) == (1, [])


def test_a_row_that_was_played_again_counts_each_time_and_no_file_is_changed() -> None:
    once = part("webkit", "a")
    assert merged_rows([once, once])["rows"][0]["outcomes"] == {"webkit": ["agrees", "agrees"]}
    assert once == part("webkit", "a")


def test_files_that_are_merged_have_merged_rows() -> None:
    def file(rows: ConformanceEntry) -> ResultsFile:
        return document(tally_of(run_of([])), rows)

    made = merged([file(part("chromium", "a")), file(part("firefox", "a"))])["conformance"]
    assert made == merged_rows([part("chromium", "a"), part("firefox", "a")])
