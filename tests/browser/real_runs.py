"""Runs with real browsers: in this process, through the command line, and as a process of their own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest
from flying import Told

from isolab.cli import main
from isolab.engines.engine import Engine
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult
from isolab.runner.run import run_cases
from isolab.scenario.case import Case

# Selenium's own WebKitGTK class makes its connection in the way that Selenium warns of.
SELENIUM_WARNS = pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")

ROOT = Path(__file__).resolve().parents[2]


def flown_in(engine: Engine, cases: Sequence[Case], options: RunOptions | None = None) -> Told:
    """A run of the cases in one engine."""
    told = Told()
    asyncio.run(run_cases(cases, [engine], options or RunOptions(), told))
    assert told.end.defect is None, told.end.defect
    return told


def assert_passed(result: CaseResult) -> None:
    """That a case has passed; where it has not, what each check saw is shown."""
    unlike = [(c.check.what, c.observed, c.check.expected, c.error) for c in result.checks if not c.ok]
    assert (unlike, result.error, result.outcome) == ([], None, "passed"), (result.case.id, unlike, result.error)


def command(*arguments: str) -> int:
    """The command line in this process; gives the exit code."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert isinstance(end.value.code, int)
    return end.value.code


def process(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command line as a process of its own, as a person starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "isolab", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def children() -> set[psutil.Process]:
    """Every process that this one has started."""
    return {child for child in psutil.Process().children(recursive=True) if child.is_running()}
