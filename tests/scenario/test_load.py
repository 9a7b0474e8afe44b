from __future__ import annotations

from pathlib import Path

import pytest
from scenario_loading import TAIL, codes, load_text

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
