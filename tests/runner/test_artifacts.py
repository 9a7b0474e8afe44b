from __future__ import annotations

import asyncio
import errno
import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from fake_browser import FakeEngine
from flying import Told, flown, ran
from hypothesis import given
from hypothesis import strategies as st
from written_cases import POPUP, written

from isolab.cli.app import group
from isolab.engines.engine import EngineError, Window
from isolab.lab.document import Event
from isolab.runner.artifacts import Keeping, folder_of, photograph, write_record
from isolab.runner.control import control_case
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult, CheckResult

ROOT = Path("kept")


@given(st.text(max_size=400))
def test_the_folder_is_always_inside_and_its_name_one_that_every_system_takes(case_id: str) -> None:
    folder = folder_of(ROOT, case_id, "chromium", 1)
    assert folder.parent.parent == ROOT
    name = folder.parent.name
    assert name not in ("", ".", "..")
    assert len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*\0\n')


@pytest.mark.parametrize(
    ("one", "other"), [("a" * 200 + "1", "a" * 200 + "2"), ("a/b", "a b"), ("", "/"), ("a[x=1]", "a_x=1")]
)
def test_two_cases_never_share_a_folder(one: str, other: str) -> None:
    assert folder_of(ROOT, one, "webkit", 1) != folder_of(ROOT, other, "webkit", 1)


def test_the_name_says_which_case_engine_and_attempt() -> None:
    folder = folder_of(ROOT, "signin/popup[app.coop=same-origin]", "firefox", 2)
    assert folder.name == "firefox-2"
    assert folder.parent.name.startswith("signin_popup_app_coop=same-origin-")


class OneMute:
    async def windows(self) -> list[Window]:
        return [Window("a", "https://a.example/"), Window("b", "https://b.example/")]

    async def screenshot(self, handle: str) -> bytes:
        if handle == "b":
            raise EngineError("it crashed")
        return b"PNG"


def test_a_window_that_cannot_be_pictured_is_told_of(tmp_path: Path) -> None:
    kept = asyncio.run(photograph(Keeping(), OneMute(), tmp_path / "deep" / "er"))  # type: ignore[arg-type]
    assert [Path(one).name for one in kept] == ["window-0.png", "window-1.txt"]
    assert Path(kept[1]).read_text() == "no picture of https://b.example/: it crashed\n"


def test_the_record_has_all_that_was_seen(tmp_path: Path) -> None:
    case = written(POPUP)[1]
    flight = flown(case)
    flight.record.refuse("cdn.example")
    flight.record.report(next(iter(flight.record.documents.values())), Event("says", {"key": "k", "value": 1}, 99))
    check = CheckResult(case.checks[0], "severed", "severed", ok=True, reason="it says so")
    result = CaseResult(case, "chromium", "failed", 0.1, (check,), error="no")
    (kept,) = write_record(Keeping(), result, flight, {"windows": ["w"], "console": ["c"]}, tmp_path)
    told = json.loads(Path(kept).read_text())
    assert (told["case"], told["engine"], told["outcome"], told["error"]) == (case.id, "chromium", "failed", "no")
    assert told["params"] == {"coop": "same-origin"}
    assert told["checks"][0]["what"] == "popup.opener"
    assert told["checks"][0]["reason"] == "it says so"
    assert [request["url"] for request in told["requests"]] == ["https://app.example/app", "https://idp.example/popup"]
    assert ["Cross-Origin-Opener-Policy", "same-origin"] in told["requests"][0]["headers"]
    assert {report["word"] for report in told["reports"]} >= {"load", "handle", "done", "says"}
    assert {document["page"] for document in told["documents"]} == {"app", "popup"}
    assert (told["windows"], told["console"], told["refused hosts"]) == (["w"], ["c"], ["cdn.example"])


def test_text_that_utf_8_cannot_hold_is_kept_all_the_same(tmp_path: Path) -> None:
    case = written(POPUP)[1]
    result = CaseResult(case, "chromium", "failed", 0.1, error="\ud800")
    (kept,) = write_record(Keeping(), result, flown(case), {}, tmp_path)
    assert json.loads(Path(kept).read_text())["error"] == "\ud800"


# --- the control ------------------------------------------------------------------------------------------------------


def test_the_control_of_what_fails_is_kept_beside_it(tmp_path: Path) -> None:
    case = written(POPUP)[1]
    result = CaseResult(case, "chromium", "failed", 0.1)
    kept = write_record(Keeping(), result, flown(case), {}, tmp_path, control=flown(control_case(case)))
    assert [Path(one).name for one in kept] == ["record.json", "control.json"]
    told = json.loads(Path(kept[1]).read_text())
    assert (told["engine"], told["error"], told["observed"]) == ("chromium", None, {"popup.opener": "preserved"})
    assert [request["url"] for request in told["requests"]] == ["https://app.example/app", "https://idp.example/popup"]
    assert "Cross-Origin-Opener-Policy" not in dict(told["requests"][0]["headers"])


def test_why_a_control_ended_early_stands_in_its_record(tmp_path: Path) -> None:
    case = written(POPUP)[1]
    broken = replace(flown(control_case(case)), step_error="nothing opened")
    kept = write_record(
        Keeping(), CaseResult(case, "chromium", "error", 0.1), flown(case), {}, tmp_path, control=broken
    )
    assert json.loads(Path(kept[1]).read_text())["error"] == "nothing opened"


def test_a_flight_that_is_its_own_control_is_kept_once(tmp_path: Path) -> None:
    case = written(POPUP)[0]
    flight = flown(case)
    kept = write_record(Keeping(), CaseResult(case, "chromium", "failed", 0.1), flight, {}, tmp_path, control=flight)
    assert [Path(one).name for one in kept] == ["record.json"]


# --- several rounds ---------------------------------------------------------------------------------------------------

TURNED = POPUP.replace("popup.opener: severed", "popup.opener: preserved")
"""One case that passes and one that fails."""


def failing_run(root: Path, repeat: int = 1, *engines: FakeEngine) -> Told:
    """A run whose second case fails in every round."""
    return ran(written(TURNED), *engines, options=RunOptions(jobs=1, artifacts=root, repeat=repeat))


def failed(told: Told) -> list[CaseResult]:
    return [result for result in told.results if result.outcome == "failed"]


def test_each_round_keeps_its_own_record_and_pictures(tmp_path: Path) -> None:
    rounds = failed(failing_run(tmp_path, 3))
    folders = [{Path(kept).parent for kept in result.artifacts} for result in rounds]
    assert [len(kept) for kept in folders] == [1, 1, 1]
    assert len(set.union(*folders)) == 3
    for result in rounds:
        names = [Path(kept).name for kept in result.artifacts]
        assert names == ["window-0.png", "window-1.png", "record.json", "control.json"]
        assert all(Path(kept).is_file() for kept in result.artifacts)
    first, second, third = sorted(path.name for path in tmp_path.iterdir())
    assert (second, third) == (f"{first}-2", f"{first}-3")


def test_two_runs_in_one_program_know_nothing_of_each_other(tmp_path: Path) -> None:
    one, other = Keeping(), Keeping()
    first = one.take(tmp_path / "case" / "webkit")
    assert one.take(first) == tmp_path / "case-2" / "webkit"
    assert other.take(first) == first
    (tmp_path / "file").touch()
    assert one.write(tmp_path / "file" / "x", [("record.json", b"{}")]) == []
    assert (len(one.notes), other.notes) == (1, ())


def test_engines_side_by_side_share_the_folder_of_the_case(tmp_path: Path) -> None:
    failing_run(tmp_path, 1, FakeEngine(), FakeEngine(name="webkit"))
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["chromium", "webkit"]
    assert len(list(tmp_path.iterdir())) == 1


def test_what_an_earlier_run_left_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    (before,) = failed(failing_run(tmp_path))
    folder = Path(before.artifacts[0]).parent
    (folder / "window-7.png").write_bytes(b"of the earlier run")
    (folder / "my notes.txt").write_text("mine")
    (after,) = failed(failing_run(tmp_path))
    assert after.artifacts == before.artifacts
    assert sorted(path.name for path in folder.iterdir()) == [
        "control.json",
        "my notes.txt",
        "record.json",
        "window-0.png",
        "window-1.png",
    ]


# --- what cannot be written -------------------------------------------------------------------------------------------


def full_disk(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Files with these names are begun and never finished; without names, all files."""
    write = Path.write_bytes

    def broken(path: Path, content: bytes) -> int:
        if names and path.name not in names:
            return write(path, content)
        write(path, content[:1])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", broken)


@pytest.mark.parametrize("repeat", [1, 3])
def test_a_full_disk_changes_no_outcome_and_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repeat: int
) -> None:
    full_disk(monkeypatch)
    told = failing_run(tmp_path, repeat, FakeEngine(), FakeEngine(name="webkit"))
    assert told.end.defect is None
    assert sorted(result.outcome for result in told.results) == ["failed"] * 2 * repeat + ["passed"] * 2 * repeat
    assert [result.artifacts for result in failed(told)] == [()] * 2 * repeat
    (note,) = told.end.notes
    assert str(tmp_path) in note
    assert "No space left on device" in note
    assert f"{8 * repeat - 1} more" in note
    assert not [path for path in tmp_path.rglob("*") if path.is_file()], "half a file says something wrong"


def test_a_folder_that_cannot_be_made_changes_no_outcome_either(tmp_path: Path) -> None:
    root = tmp_path / "taken"
    root.write_text("a file")
    told = failing_run(root)
    assert (told.end.defect, len(failed(told))) == (None, 1)
    (note,) = told.end.notes
    assert str(root) in note


def test_what_could_be_written_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full_disk(monkeypatch, "window-0.png")
    told = failing_run(tmp_path)
    (result,) = failed(told)
    assert [Path(kept).name for kept in result.artifacts] == ["window-1.png", "record.json", "control.json"]
    assert len({Path(kept).parent for kept in result.artifacts}) == 1
    (note,) = told.end.notes
    assert note.endswith("window-0.png: No space left on device")


def test_a_run_that_keeps_everything_has_nothing_to_note(tmp_path: Path) -> None:
    assert failing_run(tmp_path).end.notes == ()


def test_a_folder_that_takes_no_file_is_refused_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(tmp_path / "tmpabc"))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    answer = CliRunner().invoke(
        group, ["run", "--artifacts", str(tmp_path), "--grep", "no such case"], standalone_mode=False
    )
    assert isinstance(answer.exception, click.UsageError)
    assert answer.exception.exit_code == 2
    assert answer.exception.message == f"cannot keep artifacts in {tmp_path}: Permission denied"


def test_looking_whether_a_folder_takes_files_leaves_nothing_in_it(tmp_path: Path) -> None:
    CliRunner().invoke(group, ["run", "--artifacts", str(tmp_path / "new"), "--grep", "no such case"])
    assert list((tmp_path / "new").iterdir()) == []
