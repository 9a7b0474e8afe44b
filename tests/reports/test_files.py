from __future__ import annotations

import errno
import io
import os
import stat
import sys
from pathlib import Path

import pytest

from isolab.reports import files


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old, and much longer than the new one")
    files.write(str(target), "new\n")
    assert target.read_text() == "new\n"
    assert list(tmp_path.iterdir()) == [target]


def test_the_old_file_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")

    def full(self: Path, other: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        files.write(str(target), "new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to("real.json")
    files.write(str(link), "new")
    assert link.is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


def test_a_device_is_written_to_and_not_replaced() -> None:
    assert files.obstacle(os.devnull) is None
    files.write(os.devnull, "x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert files.obstacle("-") is None
    files.write("-", "x\n")
    assert capsys.readouterr().out == "x\n"


def test_standard_output_is_utf_8_whatever_the_console_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pipe on Windows has the system's old code page, and turns line feeds into two characters."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="cp1252", errors="backslashreplace", newline="\r\n") as out:
        monkeypatch.setattr(sys, "stdout", out)
        out.write("before ")
        files.write("-", "ä ✓\n")
        assert raw.getvalue() == "before ä ✓\n".encode()


def test_standard_output_may_be_any_object_that_is_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    files.write("-", "ä ✓\n")
    assert out.getvalue() == "ä ✓\n"


def test_a_name_that_the_system_refuses_is_an_obstacle(tmp_path: Path) -> None:
    for target in (tmp_path / ("x" * 300), tmp_path / ("x" * 300) / "out.json"):
        assert files.obstacle(str(target)) == os.strerror(errno.ENAMETOOLONG)


def test_obstacles_are_found_before_and_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "is a folder" in str(files.obstacle(str(tmp_path)))
    assert "does not exist" in str(files.obstacle(str(tmp_path / "none" / "x.json")))
    assert "does not exist" in str(files.obstacle(str(tmp_path / "file" / "x.json")))
    assert files.obstacle(str(tmp_path / "x.json")) is None
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_text_is_added_to_a_file_that_is_made_where_there_is_none(tmp_path: Path) -> None:
    target = tmp_path / "summary.md"
    files.append(str(target), "one\n")
    files.append(str(target), "zwei ä\n")
    assert target.read_bytes() == "one\nzwei ä\n".encode()
    with pytest.raises(FileNotFoundError):
        files.append(str(tmp_path / "none" / "summary.md"), "x")
