"""`isolab replay`, with a results file as somebody sends it: nothing else of theirs is here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine

SAME = "popup[app.coop=same-origin]"
UNSAFE = "popup[app.coop=unsafe-none]"


@pytest.fixture
def isolab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """One case failed in Firefox; the scenario file is gone since."""
    line = CommandLine(tmp_path, monkeypatch, capsys)
    line.run.outcome = lambda case, engine: "failed" if case.id == SAME and engine == "firefox" else "passed"
    assert line("run", "popup.yaml", "--json", "theirs.json") == 1
    (line.folder / "popup.yaml").unlink()
    (line.folder / ".isolab" / "last-failed.json").unlink()
    return line


def theirs(isolab: CommandLine, **changes: Any) -> None:
    path = isolab.folder / "theirs.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def test_what_failed_there_is_run_here(isolab: CommandLine) -> None:
    assert isolab("replay", "theirs.json") == 1
    assert [case.id for case in isolab.run.asked] == [SAME]
    assert isolab.run.engines == ["chromium", "firefox"]
    assert "error: popup.opener is severed in firefox 1.0, expected preserved\n  --> popup.yaml:16:" in isolab.out
    assert "since theirs.json (2026-11-22T00:00:00Z): 0 changes\n" in isolab.out


def test_an_engine_that_is_not_here_is_a_note(isolab: CommandLine) -> None:
    assert isolab("replay", "theirs.json") == 1
    assert isolab.err.startswith("note: nothing is run in webkit, not found on this machine")
    assert isolab("replay", "theirs.json", "-e", "firefox") == 1
    assert isolab.err == ""


def test_what_is_different_here_is_told(isolab: CommandLine) -> None:
    isolab.run.outcome = lambda _case, _engine: "passed"
    assert isolab("replay", "theirs.json", "-q", "--json", "ours.json") == 0
    headline, since, change, *_ = isolab.out.splitlines()
    assert headline.startswith("2 passed in ")
    assert since == "since theirs.json (2026-11-22T00:00:00Z): 1 change"
    assert change == f"  firefox: {SAME}: was failed, is passed"
    ours = json.loads((isolab.folder / "ours.json").read_text(encoding="utf-8"))
    # Cases that were not run again are not gone.
    assert (ours["baseline"]["new"], ours["baseline"]["gone"]) == (0, 0)


def test_another_baseline_is_obeyed(isolab: CommandLine) -> None:
    theirs(isolab, started="2020-01-01T00:00:00Z")
    (isolab.folder / "old.json").write_bytes((isolab.folder / "theirs.json").read_bytes())
    assert isolab("replay", "theirs.json", "--baseline", "old.json") == 1
    assert "since old.json (2020-01-01T00:00:00Z): 0 changes, 2 not run this time\n" in isolab.out


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ([], [SAME]),
        (["--all"], [UNSAFE, SAME]),
        (["--all", "-g", "unsafe"], [UNSAFE]),
        (["--all", "-t", "popup"], [UNSAFE, SAME]),
        (["-e", "firefox"], [SAME]),
    ],
)
def test_cases_are_selected(isolab: CommandLine, arguments: list[str], ids: list[str]) -> None:
    assert isolab("replay", "theirs.json", *arguments, "--list") == 0
    assert isolab.out.splitlines() == ids


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["-e", "chromium"], "no case of theirs.json was not as expected in chromium (--all: also those that were)"),
        (["-g", "moon"], "no case of theirs.json was not as expected and matches --grep moon (--all: "),
        (["--all", "-g", "moon"], "no case in theirs.json matches --grep moon\n"),
    ],
)
def test_nothing_selected_is_told(isolab: CommandLine, arguments: list[str], why: str) -> None:
    assert isolab("replay", "theirs.json", *arguments) == 5
    assert isolab.err.startswith("error: nothing selected: ")
    assert why in isolab.err


def test_a_file_without_its_scenarios_is_refused(isolab: CommandLine) -> None:
    theirs(isolab, scenarios={})
    assert isolab("replay", "theirs.json") == 2
    assert "error: theirs.json does not carry all of it (-g selects among the rest):\n" in isolab.err
    assert f"  {SAME}: its case is not in the text of popup.yaml: `isolab run` where that file is" in isolab.err


def test_rows_are_played_by_conform(isolab: CommandLine) -> None:
    theirs(isolab, conformance={"rows": [], "refused": []})
    assert isolab("replay", "theirs.json") == 2
    assert "`isolab conform -g ID` plays one again" in isolab.err


def test_a_scenario_that_this_isolab_does_not_understand_is_shown_with_a_caret(isolab: CommandLine) -> None:
    theirs(isolab, scenarios={"popup.yaml": "title: T\nhostz: {}\n"})
    assert isolab("replay", "theirs.json") == 2
    assert " --> popup.yaml:2:1\n" in isolab.err


def test_what_failed_in_this_folder_is_not_forgotten(isolab: CommandLine) -> None:
    assert isolab("replay", "theirs.json") == 1
    assert not (isolab.folder / ".isolab" / "last-failed.json").exists()


def test_the_file_may_come_through_a_pipe(isolab: CommandLine) -> None:
    isolab.pipe((isolab.folder / "theirs.json").read_text(encoding="utf-8"))
    assert isolab("replay", "-") == 1
    assert "since -" not in isolab.out
    assert "since standard input (" in isolab.out
