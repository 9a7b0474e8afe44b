from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from report_runs import STEP, a_case, known, passed, run_of, severed, stopped, tally_of
from results_files import results_files

from isolab.reports.complaints import complaints, unfinished
from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.github import MOST, render
from isolab.reports.places import lab_of
from isolab.runner.events import Event, RunFinished

ROOT = Path.cwd()
FURTHER = re.compile(r"isolab: \d+ further (error|warning)s?: the step's summary and the reports have all")
PROPERTIES = {"title", "file", "line", "endLine", "col", "endColumn"}

Command = tuple[str, dict[str, str], str]


def read(line: str) -> Command | None:
    """Read a line as GitHub's runner does: a command, or None."""
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        assert "##[" not in line
        return None
    name, _, told = line[2:end].partition(" ")
    pairs = (pair.split("=", 1) for pair in told.split(",") if "=" in pair)
    return name, {key: unescaped(value, ":,") for key, value in pairs}, unescaped(line[end + 2 :], "")


def unescaped(text: str, more: str) -> str:
    for character in ("\r", "\n", *more, "%"):
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def commands(events: list[Event], root: Path = ROOT) -> list[Command]:
    lines = render(document(tally_of(events)), root).splitlines()
    return [command for line in lines if (command := read(line)) is not None]


def test_an_expectation_is_told_beside_its_value() -> None:
    ((name, properties, message),) = commands(run_of([severed(a_case())]))
    assert name == "error"
    assert properties == {
        "title": "signin/popup[app.coop=same-origin] in webkit",
        "file": "scenarios/signin/popup.yaml",
        "line": "3",
        "endLine": "3",
        "col": "17",
        "endColumn": "25",
    }
    assert "popup.opener in webkit: expected preserved, observed severed\n" in message


def test_a_step_that_could_not_be_done_is_told_beside_its_line() -> None:
    ((_, properties, _),) = commands(run_of([stopped(a_case(), step=STEP)]))
    assert properties.items() >= {"file": "scenarios/signin/popup.yaml", "line": "1"}.items()
    assert "col" not in properties


def test_what_a_test_declares_is_told_beside_the_file_of_the_test() -> None:
    results = document(tally_of(run_of([severed(a_case())])))
    results["results"][0]["scenario"] = lab_of("tests/test_popup.py::test_it[webkit]", 2)
    ((_, properties, _),) = [found for line in render(results, ROOT).splitlines() if (found := read(line))]
    assert properties.keys() == {"title", "file"}
    assert properties["file"] == "tests/test_popup.py"


def test_a_file_elsewhere_is_not_named() -> None:
    ((_, properties, _),) = commands(run_of([severed(a_case())]), Path("/elsewhere"))
    assert properties.keys() == {"title"}


def test_a_known_difference_that_is_gone_is_a_warning_and_one_that_is_there_is_nothing() -> None:
    ((name, _, _),) = commands(run_of([known(a_case(), gone=True), known(a_case()), passed(a_case())]))
    assert name == "warning"


def test_what_stood_in_the_way_is_an_error() -> None:
    events = run_of([], failed="no display", finished=RunFinished(1.0, defect="Traceback\nKeyError: 1"))
    told = [message for _, _, message in commands(events)]
    assert told == ["no display", "Traceback\nKeyError: 1"]


def test_what_github_would_not_show_is_counted() -> None:
    lines = render(document(tally_of(run_of([severed(a_case())] * (MOST + 2)))), ROOT).splitlines()
    assert len(lines) == MOST + 1
    assert lines[-1] == "isolab: 2 further errors: the step's summary and the reports have all"


def test_what_stood_in_the_way_counts_among_what_github_shows() -> None:
    results = document(tally_of(run_of([severed(a_case())] * MOST, failed="no display")))
    results["not_run"] = 3
    *told, last = render(results, ROOT).splitlines()
    assert len(told) == MOST
    assert [found[2] for line in told[:2] if (found := read(line))] == ["no display", "3 cases not run"]
    assert last == "isolab: 2 further errors: the step's summary and the reports have all"


@given(results_files())
def test_whatever_the_text_each_line_is_one_command_of_ours(results: ResultsFile) -> None:
    text = render(results, ROOT)
    lines = text.split("\n")
    assert lines.pop() == ""
    assert text.isprintable() or all(line.isprintable() for line in lines)
    told = [read(line) for line in lines]
    ours = [command for command in told if command is not None]
    assert {name for name, _, _ in ours} <= {"error", "warning"}
    assert all(FURTHER.fullmatch(line) for line, command in zip(lines, told, strict=True) if command is None)
    assert {key for _, properties, _ in ours for key in properties} <= PROPERTIES
    loud = [one for one in complaints(results) if one.kind != "known-difference"]
    failed = [engine for engine in results["engines"] if engine["failed"] is not None]
    in_the_way = len(failed) + len(results["unavailable"]) + len(results["defects"]) + bool(unfinished(results))
    assert len(ours) == len(loud) + in_the_way


@pytest.mark.parametrize("text", ["%0A", "%250A", "a%2Cb", "::x", "a:b,c", "%3A"])
def test_the_runner_reads_what_was_written(text: str) -> None:
    ((_, properties, message),) = commands(run_of([stopped(a_case(text), why=text)]))
    assert properties["title"] == f"{text} in webkit"
    assert message == f"{text}: {text}"
