from __future__ import annotations

from pathlib import Path

import pytest
from command_line import SCENARIO

from isolab.cli.targets import Contents, Target, targets_at
from isolab.resources import resource
from isolab.scenario.problem import ScenarioErrors


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("popup.yaml", "sub/other.yml", "sub/notes.txt"):
        (tmp_path / name).write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def test_what_names_stand_for(folder: Path) -> None:
    assert targets_at(["popup.yaml", "sub", "popup[app.coop=same-origin]", "sub/other", "nosuch"]) == [
        Target(Path("popup.yaml")),
        Target(Path("sub")),
        Target(Path("popup.yaml"), "[app.coop=same-origin]"),
        Target(Path("sub/other.yml")),
    ]
    assert targets_at([]) == [Target(resource("scenarios"))]


def test_a_file_is_named_as_its_target_was(folder: Path) -> None:
    other = folder / "sub" / "other.yml"
    assert Target(Path("sub")).named(other) == Path("sub/other.yml")
    assert Target(Path("sub/../sub")).named(other) == Path("sub/../sub/other.yml")
    assert Target(Path("sub/other.yml")).named(other) == Path("sub/other.yml")
    assert Target(Path("sub")).named(folder / "sub" / "notes.txt") is None
    assert Target(Path("sub")).named(folder / "popup.yaml") is None
    assert Target(Path("popup.yaml")).named(other) is None


def test_a_file_that_is_named_may_have_any_ending(folder: Path) -> None:
    assert Target(Path("sub/notes.txt")).named(folder / "sub/notes.txt") == Path("sub/notes.txt")


def test_only_the_cases_that_are_meant_are_loaded(folder: Path) -> None:
    (target,) = targets_at(["popup[app.coop=same-origin]"])
    assert [case.id for case in target.cases(Path("popup.yaml"))] == ["popup[app.coop=same-origin]"]
    assert len(Target(Path("sub")).cases(Path("sub/other.yml"))) == 2


def test_a_mistake_is_told(folder: Path) -> None:
    (folder / "popup.yaml").write_text("title: [", encoding="utf-8")
    with pytest.raises(ScenarioErrors):
        Target(Path("popup.yaml")).cases(Path("popup.yaml"))


def test_a_file_that_was_only_touched_has_not_changed(folder: Path) -> None:
    file, new = folder / "popup.yaml", folder / "sub" / "new.yaml"
    contents = Contents([Target(Path())])
    file.touch()
    assert not contents.changed(file)
    file.write_text("title: x", encoding="utf-8")
    assert contents.changed(file)
    assert not contents.changed(file)
    assert not contents.changed(new)
    new.write_text("", encoding="utf-8")
    assert contents.changed(new)


def test_a_file_that_went_is_no_change_and_one_that_came_back_is(folder: Path) -> None:
    file = folder / "popup.yaml"
    contents = Contents([Target(file)])
    file.unlink()
    assert not contents.changed(file)
    file.write_text(SCENARIO, encoding="utf-8")
    assert contents.changed(file)
