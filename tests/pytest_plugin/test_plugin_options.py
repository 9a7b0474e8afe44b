"""What the options and the ini file come to; no browser is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from isolab.engines.engine import Engine
from isolab.pytest_plugin import options
from isolab.runner.options import RunOptions


def configured(pytester: pytest.Pytester, *arguments: str) -> pytest.Config:
    """The configuration of a project that is run so."""
    return pytester.parseconfigure("-p", "no:asyncio", *arguments)


def test_without_options_cases_are_run_as_they_say(pytester: pytest.Pytester) -> None:
    assert options.run_options(configured(pytester)) == RunOptions()


@pytest.mark.parametrize("shown", ["--isolab-headed", "--headed"])
def test_options_reach_the_runner(pytester: pytest.Pytester, shown: str) -> None:
    config = configured(pytester, "--isolab-timeout", "2.5", "--isolab-artifacts", "kept", shown)
    assert options.run_options(config) == RunOptions(timeout_s=2.5, artifacts=Path("kept"), headed=True)


def test_the_ini_file_names_engines_and_the_command_line_others(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nisolab_engines = webkit firefox\n")
    assert options.asked_engines(configured(pytester)) == ["webkit", "firefox"]
    assert options.engine_names(configured(pytester)) == ["webkit", "firefox"]
    assert options.asked_engines(configured(pytester, "--browser", "firefox")) == ["firefox"]
    own = configured(pytester, "--browser", "firefox", "--isolab-engine", "chromium")
    assert options.asked_engines(own) == ["chromium"]


@pytest.mark.parametrize("headed", [False, True])
def test_engines_are_looked_for_that_can_show_their_windows(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, headed: bool
) -> None:
    asked: list[tuple[object, bool]] = []

    def find_engines(names: object = None, *, headed: bool = False) -> list[Engine]:
        asked.append((names, headed))
        return []

    monkeypatch.setattr("isolab.engines.registry.find_engines", find_engines)
    config = configured(pytester, *["--isolab-headed"] * headed)
    options.found_engines(config)
    options.all_engines(config)
    assert asked == [(None, headed), (None, headed)]
