"""An ordinary project with pytest-playwright, which knows nothing of isolab, runs as if isolab were not installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from junitparser import JUnitXml
from user_project import ordinary_project, run

pytestmark = pytest.mark.browser

EVERYTHING = ("--tracing", "on", "--screenshot", "on", "--full-page-screenshot")
WITHOUT = ("-p", "no:isolab")


def _outcomes(path: Path) -> dict[str, list[str]]:
    """What became of each test, as JUnit has it."""
    (suite,) = JUnitXml.fromfile(str(path))
    return {f"{case.classname}::{case.name}": [type(what).__name__ for what in case.result] for case in suite}


def _kept(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _ran(pytester: pytest.Pytester, name: str, *arguments: str) -> tuple[int, dict[str, list[str]], list[str]]:
    """Run the project; gives pytest's exit code, what became of each test, and the files of `--output`."""
    result = run(pytester, *arguments, "--output", name, "--junitxml", f"{name}.xml")
    return int(result.ret), _outcomes(pytester.path / f"{name}.xml"), _kept(pytester.path / name)


def test_the_same_outcomes_and_the_same_files(pytester: pytest.Pytester, own_engines: list[str]) -> None:
    project = ordinary_project(pytester, *own_engines)
    without = _ran(pytester, "without", *project, *EVERYTHING, *WITHOUT)
    beside = _ran(pytester, "beside", *project, *EVERYTHING)
    assert beside == without
    code, outcomes, kept = without
    # Known of the project itself: two runs that both went wrong would be equal as well.
    assert code == pytest.ExitCode.TESTS_FAILED
    failed = [name for name, results in outcomes.items() if results == ["Failure"]]
    assert len(failed) == len(own_engines)
    assert all("test_a_price_that_is_wrong" in name for name in failed)
    assert sum(name.endswith("trace.zip") for name in kept) == len(own_engines) * 6 - own_engines.count("firefox")
    assert any(name.endswith(".png") for name in kept)


@pytest.mark.parametrize("choice", [("-m", "smoke"), ("-k", "sign_in"), ("-n", "2"), ("-m", "isolab")], ids=" ".join)
def test_the_same_tests_are_chosen(pytester: pytest.Pytester, choice: tuple[str, str]) -> None:
    project = ordinary_project(pytester, "chromium")
    if choice == ("-m", "isolab"):
        # Only with isolab is the mark known; it chooses none of these tests.
        assert run(pytester, *project, *choice).ret == pytest.ExitCode.NO_TESTS_COLLECTED
        return
    assert _ran(pytester, "beside", *project, *choice) == _ran(pytester, "without", *project, *choice, *WITHOUT)
