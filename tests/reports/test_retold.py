from __future__ import annotations

from collections.abc import Iterable
from io import StringIO

import pytest
from golden_texts import assert_golden
from hypothesis import given
from report_runs import a_case, known, passed, run_of, severed, stopped, tally_of, whole_run
from results_files import ROWS, results_files
from rich.console import Console, RenderableType

from isolab.reports.baseline import compared
from isolab.reports.closing import headline as headline_of_run
from isolab.reports.closing import print_all
from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.retold import changed, exit_code_of, headline, retell, retell_briefly
from isolab.runner.events import Event, RunFinished


def lines(parts: Iterable[RenderableType]) -> str:
    console = Console(file=StringIO(), width=200)
    print_all(console, parts)
    written = console.file
    assert isinstance(written, StringIO)
    return "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())


RUNS: list[list[Event]] = [
    whole_run(),
    [],
    run_of([]),
    run_of([passed(a_case())]),
    run_of([known(a_case())]),
    run_of([passed(a_case())], failed="no display"),
    run_of([passed(a_case()), severed(a_case())])[:-2],
    run_of([stopped(a_case())], finished=RunFinished(1.0, interrupted=True)),
    run_of([passed(a_case())], finished=RunFinished(1.0, defect="KeyError: 1")),
]


@pytest.mark.parametrize("events", RUNS)
def test_the_exit_code_is_that_of_the_run(events: list[Event]) -> None:
    tally = tally_of(events)
    assert exit_code_of(document(tally)) == tally.exit_code()


@pytest.mark.parametrize("events", RUNS)
def test_the_headline_is_that_of_the_run(events: list[Event]) -> None:
    tally = tally_of(events)
    if not tally.interrupted:
        assert headline(document(tally)).plain == headline_of_run(tally).plain


def test_a_run_is_retold() -> None:
    results = document(tally_of(whole_run()))
    results["notes"] = ["a note"]
    results = compared(results, document(tally_of(run_of([passed(a_case())]))), "before.json")
    assert_golden("retold.txt", lines(retell(results)))


def test_the_rows_of_a_conformance_run_are_counted_by_kind_in_each_engine() -> None:
    results = document(tally_of(run_of([passed(a_case())])), ROWS)
    told = lines(retell(results))
    assert "\npopup               1           0           0           0          0           1\n" in told
    assert "not played:\n  popup: 1 row: no\n" in told


def test_what_stood_in_the_way_and_the_headline_are_told_however_briefly() -> None:
    events = run_of([], failed="no display", finished=RunFinished(1.0, defect="KeyError: 1", notes=("n",)))
    told = lines(retell_briefly(document(tally_of(events))))
    assert "error: webkit 2.50.6 could not be used: no display\n" in told
    assert "this is a defect of isolab: KeyError: 1" in told
    assert "note: n\n" in told
    assert told.endswith(f"{headline(document(tally_of(events))).plain}\n")


def test_without_a_baseline_nothing_changed() -> None:
    assert list(changed(document(tally_of(whole_run())))) == []


@given(results_files())
def test_whatever_the_text_no_character_steers_the_terminal(results: ResultsFile) -> None:
    told = lines(retell(compared(results, results, "before.json"), verbose=True))
    assert all(line.isprintable() for line in told.split("\n"))
