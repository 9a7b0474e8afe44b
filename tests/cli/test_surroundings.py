from __future__ import annotations

from pathlib import Path

import pytest

from isolab.cli.surroundings import in_github_actions, repository, step_summary


def test_the_runner_says_that_it_is_github_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not in_github_actions()
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    assert not in_github_actions()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert in_github_actions()


def test_a_step_has_a_file_for_its_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    assert step_summary() is None
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "")
    assert step_summary() is None
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/x/summary")
    assert step_summary() == "/x/summary"


@pytest.mark.parametrize("kind", ["folder", "file of a work tree"])
def test_paths_are_told_from_the_repository_around_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    inner = tmp_path / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert repository() == inner
    mark = tmp_path / "repo" / ".git"
    if kind == "folder":
        mark.mkdir()
    else:
        mark.write_text("gitdir: elsewhere")
    assert repository() == tmp_path / "repo"


def test_in_a_job_they_are_told_from_its_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_WORKSPACE", "/w")
    assert repository() == tmp_path
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert repository() == Path("/w")
