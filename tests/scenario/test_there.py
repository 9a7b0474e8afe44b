from __future__ import annotations

from pathlib import Path

from isolab.scenario.there import holds


def test_a_path_is_looked_at(tmp_path: Path) -> None:
    assert holds(tmp_path.is_dir)
    assert not holds(tmp_path.is_file)
    assert not holds((tmp_path / "none").exists)


def test_what_the_system_refuses_to_look_at_is_not_there(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 300)
    assert not any(map(holds, (long.exists, long.is_file, long.is_dir)))
