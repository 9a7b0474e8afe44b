from __future__ import annotations

from io import StringIO

from rich.console import Console

from isolab.reports.form import ConformanceEntry, RefusedEntry, RowEntry
from isolab.reports.row_tables import refused_lines, row_counts, row_table


def row(name: str, *outcomes: str, kind: str = "popup") -> RowEntry:
    return {"id": name, "kind": kind, "source": "x", "outcomes": {"chromium": list(outcomes)}, "unseen": {}}


def refused(name: str, kind: str, why: str = "no scene") -> RefusedEntry:
    return {"id": name, "kind": kind, "source": "x", "why": why}


RUN: ConformanceEntry = {
    "rows": [row("a", "agrees"), row("b", "new difference"), {**row("c"), "outcomes": {"webkit": ["agrees"]}}],
    "refused": [refused("d", "sab"), refused("e", "popup")],
}


def lines(conformance: ConformanceEntry) -> list[list[str]]:
    """The cells of the table's lines."""
    written = StringIO()
    Console(file=written, width=200).print(row_table(conformance, "chromium", "chromium 156"))
    return [line.split() for line in written.getvalue().splitlines()]


def test_every_row_is_counted_once_in_each_engine() -> None:
    assert row_counts(RUN, "chromium") == {
        "popup": {"agrees": 1, "new difference": 1, "could not be run": 2},
        "sab": {"could not be run": 1},
    }
    assert row_counts(RUN, "firefox")["popup"] == {"could not be run": 4}


def test_a_row_that_was_run_again_and_again_is_counted_each_time() -> None:
    again: ConformanceEntry = {"rows": [row("a", "agrees", "agrees", "new difference")], "refused": []}
    assert row_counts(again, "chromium") == {"popup": {"agrees": 2, "new difference": 1}}


def test_the_table_has_a_line_a_kind_and_the_sum() -> None:
    head, under, *told = lines(RUN)
    assert head == ["known", "new", "unexpected", "not", "could"]
    assert under[:3] == ["chromium", "156", "agrees"]
    assert told == [
        ["popup", "1", "0", "1", "0", "0", "2"],
        ["sab", "0", "0", "0", "0", "0", "1"],
        ["all", "1", "0", "1", "0", "0", "3"],
    ]


def test_an_outcome_that_another_version_wrote_has_its_own_column() -> None:
    other: ConformanceEntry = {"rows": [row("a", "half agrees")], "refused": []}
    assert lines(other)[-1] == ["all", *"000000", "1"]


def test_what_was_not_played_is_told_by_kind_and_reason() -> None:
    many: ConformanceEntry = {"rows": [], "refused": [refused("a", "sab"), refused("b", "dip"), refused("c", "sab")]}
    assert refused_lines(many) == ["sab: 2 rows: no scene", "dip: 1 row: no scene"]
