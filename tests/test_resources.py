from __future__ import annotations

from pathlib import Path

import pytest

from isolab import resources


@pytest.mark.parametrize(("name", "has"), [("fixtures", "probe-window.js"), ("scenarios", "opener")])
def test_the_checkout_has_both_folders(name: str, has: str) -> None:
    assert (resources.resource(name) / has).exists()


def test_what_the_wheel_holds_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("pkg/_data/fixtures", "fixtures", "scenarios"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "pkg")
    assert resources.resource("fixtures") == tmp_path / "pkg/_data/fixtures"
    assert resources.resource("scenarios") == tmp_path / "scenarios"


def test_a_broken_installation_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "pkg")
    with pytest.raises(FileNotFoundError, match="fixtures/ is missing"):
        resources.resource("fixtures")
