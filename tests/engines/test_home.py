from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from isolab.engines.engine import EngineError
from isolab.engines.home import need_home


@pytest.fixture
def shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that nobody may write to: root may everywhere, and tests run as root, too."""
    folder = tmp_path / "shut"
    folder.mkdir()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and access(path, mode))
    return folder


def test_a_home_of_one_s_own_will_do(tmp_path: Path) -> None:
    need_home({"HOME": str(tmp_path)})
    (tmp_path / ".cache").mkdir()
    need_home({"HOME": str(tmp_path)})


@pytest.mark.parametrize("below", ["", "not/there/yet"])
def test_a_home_that_cannot_be_written_to_is_named_with_the_mend(shut: Path, below: str) -> None:
    with pytest.raises(EngineError, match=rf"cannot write to {re.escape(str(shut))}; set HOME"):
        need_home({"HOME": str(shut / below)})


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "XDG_CONFIG_HOME"])
def test_either_folder_counts_for_itself(tmp_path: Path, shut: Path, variable: str) -> None:
    with pytest.raises(EngineError, match="cannot write"):
        need_home({"HOME": str(tmp_path), variable: str(shut)})


def test_both_folders_elsewhere_make_up_for_the_home(tmp_path: Path, shut: Path) -> None:
    need_home({"HOME": str(shut), "XDG_CACHE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)})


def test_without_home_the_system_tells_it(shut: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: shut)
    with pytest.raises(EngineError, match="cannot write"):
        need_home({})
