from __future__ import annotations

import re
import traceback

from report_runs import a_case, a_console, known, passed, run_of, tally_of

from isolab.reports.closing import closing, defect_text, headline, print_all
from isolab.reports.tally import Tally
from isolab.runner.events import RunFinished
from isolab.runner.result import EngineInfo


def _text(tally: Tally, width: int = 120) -> str:
    console, out = a_console(width)
    print_all(console, closing(tally, width))
    return out.getvalue()


def test_a_known_difference_is_listed_once_with_its_count() -> None:
    text = _text(tally_of(run_of([known(a_case()), known(a_case("other"))])))
    line = "  webkit: isolation is off by default (https://bugs.webkit.org/1): 2 checks"
    assert [found for found in text.splitlines() if "off by default" in found] == [line]


def test_a_difference_that_is_gone_is_no_known_difference() -> None:
    text = _text(tally_of(run_of([known(a_case(), gone=True)])))
    assert "known differences from the standard" not in text
    assert "app.isolated is true; known: isolation is off by default (https://bugs.webkit.org/1)" in text


def test_notes_are_shown() -> None:
    assert "  the clock is coarse" in _text(
        tally_of(run_of([], finished=RunFinished(1.0, notes=("the clock is coarse",))))
    )


def test_nothing_is_said_about_what_there_is_nothing_of() -> None:
    text = _text(tally_of(run_of([passed(a_case())])))
    assert not [word for word in ("known differences", "flaky:", "notes:", "calibration:") if word in text]


def test_a_run_without_results_says_so() -> None:
    assert headline(Tally()).plain == "nothing was run (0.00 s)"


def test_an_interrupted_run_names_only_engines_that_ran_something() -> None:
    told = RunFinished(1.0, interrupted=True)
    assert headline(tally_of(run_of([], finished=told))).plain == "nothing was run (interrupted) (1.00 s)"
    assert headline(tally_of(run_of([passed(a_case())], finished=told))).plain.startswith(
        "1 passed in chromium 131.0 ("
    )


def test_the_table_needs_no_more_than_its_width() -> None:
    tally = tally_of(run_of([known(a_case())]))
    for width in range(40, 200):
        engines = [line for line in _text(tally, width).splitlines() if line.startswith("webkit 2.50.6")]
        assert len(engines) == 1


def test_no_engine_is_folded_to_fit_into_the_table() -> None:
    """A version of Chromium's is long."""
    long = EngineInfo("chromium", "156.0.8078.108", "playwright", "/opt/chromium")
    tally = tally_of(run_of([passed(a_case())]))
    tally.engines["chromium"] = long
    for width in range(40, 200):
        (line,) = [line for line in _text(tally, width).splitlines() if line.startswith("chromium 156.0.8078.108")]
        assert re.search(r"\b1\b.*s\b", line)


def test_the_defect_in_an_exception_group_is_found() -> None:
    group = ExceptionGroup("tasks", [ZeroDivisionError("deep")])
    text = "".join(traceback.format_exception(group))
    assert "this is a defect of isolab: ZeroDivisionError: deep\n" in defect_text(text, verbose=False).plain
