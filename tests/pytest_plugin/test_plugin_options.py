"""What the options and the ini file come to; no browser is started."""

from __future__ import annotations

from pathlib import Path

import pytest
from user_project import WITHOUT_OTHERS, scenario

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
    # Not "kept": a test may have gone to another folder when something is to be kept.
    assert options.run_options(config) == RunOptions(timeout_s=2.5, artifacts=Path.cwd() / "kept", headed=True)


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


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("scenarios/*.yaml", {"scenarios/signin.yaml", "scenarios/more/popup.yaml"}),
        ("scenarios/**/*.yaml", {"scenarios/signin.yaml", "scenarios/more/popup.yaml"}),
        ("**/*.yaml", {"ci.yaml", "scenarios/signin.yaml", "scenarios/more/popup.yaml"}),
        ("./scenarios/sign*.yaml", {"scenarios/signin.yaml"}),
        ("scenarios/", {"scenarios/signin.yaml", "scenarios/more/popup.yaml"}),
        ("scenarios", set()),
    ],
)
def test_patterns_mean_files_from_the_root_folder(pytester: pytest.Pytester, pattern: str, meant: set[str]) -> None:
    pytester.makeini(f"[pytest]\nisolab_files = {pattern}\n")
    config = configured(pytester)
    names = ["ci.yaml", "scenarios/signin.yaml", "scenarios/more/popup.yaml", "scenarios/more/notes.txt"]
    assert {name for name in names if options.is_scenario(config.rootpath / name, config)} == meant


def test_a_pattern_that_means_no_file_is_told_of_a_run_of_all(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nisolab_files = scenario/*.yaml a.yaml\n")
    pytester.makepyfile("def test_it(): pass")
    scenario(pytester, name="a.yaml")
    told = "isolab: isolab_files = scenario/*.yaml means no file of those that were collected"
    everything = pytester.runpytest_subprocess(*WITHOUT_OTHERS, "-k", "test_it", "--isolab-engine", "chromium")
    assert [line for line in everything.outlines if line.startswith("isolab:")] == [told]
    named = pytester.runpytest_subprocess(
        *WITHOUT_OTHERS, "test_a_pattern_that_means_no_file_is_told_of_a_run_of_all.py"
    )
    assert [line for line in named.outlines if line.startswith("isolab:")] == []
