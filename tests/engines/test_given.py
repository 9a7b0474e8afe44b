from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from isolab.engines.engine import EngineError
from isolab.engines.given import find_given
from isolab.engines.machine import Machine
from isolab.engines.system import Ran, Run
from isolab.scenario.case import EngineName


def program(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def says(text: str) -> Run:
    def run(
        command: Sequence[str],
        timeout_s: float | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Ran:
        return Ran(tuple(command), 0, text)

    return run


@pytest.mark.parametrize(
    ("name", "version", "engine"),
    [
        ("firefox-nightly", "Mozilla Firefox 160.0a1", "firefox"),
        ("electron", "v41.2.0", "chromium"),
        ("chrome", "Google Chrome 156.0.8078.79", "chromium"),
        ("browser", "Mozilla Firefox 160.0", "firefox"),
        ("browser", "Chromium 156.0.1", "chromium"),
        ("pw_run.sh", "", "webkit"),
    ],
)
def test_an_engine_is_known_by_its_name_or_by_what_it_says(
    tmp_path: Path, name: str, version: str, engine: EngineName
) -> None:
    path = program(tmp_path, name)
    found = find_given(path, machine=Machine("linux", {}, tmp_path), run=says(version))
    assert (found.name, found.executable, found.bundled) == (engine, path, False)
    assert found.origin == "given by its path"


def test_what_is_said_goes_before_what_the_name_says(tmp_path: Path) -> None:
    path = program(tmp_path, "firefox-like")
    found = find_given(path, "chromium", machine=Machine("linux", {}, tmp_path), run=says("9.1"))
    assert (found.name, found.version) == ("chromium", "9.1")


def test_one_that_says_nothing_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = program(tmp_path, "app")
    with pytest.raises(EngineError, match="does not say which engine it is: say it with -e chromium"):
        find_given(path, machine=Machine("linux", {}, tmp_path), run=says("7.0"))


def test_a_path_that_is_no_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="is not a program that can be run"):
        find_given(str(tmp_path / "firefox"), machine=Machine("linux", {}, tmp_path), run=says(""))
