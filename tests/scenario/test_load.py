from __future__ import annotations

from pathlib import Path, PosixPath

import pytest
from scenario_loading import TAIL, codes, load_text

from isolab.scenario.case import Span
from isolab.scenario.load import load_scenarios
from isolab.scenario.problem import ScenarioErrors

GOOD = f"title: t{TAIL}expect: {{login.opener: severed}}\n"


def test_files_come_in_order_and_folders_are_searched(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/c.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(GOOD)
    by_folder = [case.source.path for case in load_scenarios([tmp_path])]
    assert by_folder == [str(tmp_path / "a" / "c.yml"), str(tmp_path / "b.yaml")]
    assert len(load_scenarios([])) == 0


def test_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    [case] = load_scenarios([path])
    assert case.checks[0].span == load_text(tmp_path, GOOD)[0].checks[0].span


def test_a_bad_byte_after_a_byte_order_mark_is_shown_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + b"a: b\n\xc3\xa9ab\xff")
        with pytest.raises(ScenarioErrors) as caught:
            load_scenarios([path])
        [problem] = caught.value.problems
        assert (problem.code, problem.span) == ("not-utf8", Span(2, 4, 5))


class _OfWindows(PosixPath):
    """A path that is shown as Windows shows it, and leads to a file here."""

    def __str__(self) -> str:
        return self.as_posix().replace("/", "\\")

    def __fspath__(self) -> str:
        return self.as_posix()

    def as_posix(self) -> str:
        return super().__str__()


def test_a_file_is_called_with_forward_slashes_on_every_system(tmp_path: Path) -> None:
    """The results of a run on Windows are read elsewhere."""
    path = _OfWindows(tmp_path / "x.yaml")
    path.write_text(GOOD)
    [case] = load_scenarios([path])
    assert case.scenario == f"{tmp_path.as_posix()}/x.yaml"


def test_an_unreadable_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(GOOD)

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ScenarioErrors, match="cannot be read: Permission denied"):
        load_scenarios([path])


def test_good_files_do_not_hide_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    assert codes(tmp_path, "title: [") == ["yaml"]
    with pytest.raises(ScenarioErrors):
        load_scenarios([tmp_path])
