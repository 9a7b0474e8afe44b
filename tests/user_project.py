"""A project of a user's in a folder of its own, on which pytest runs as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from own_browser import launch_options

from isolab.bootstrap import ROOT

SCENARIO = """\
title: A popup sign-in
hosts: {app: , idp: cross-site}
pages:
  app: {coop: "${{ coop }}"}
  login: {host: idp}
matrix: {coop: [null, same-origin]}
tags: [sign-in]
flow:
  - open: app
  - popup: login
expect:
  - login.opener: preserved
  - when: {coop: same-origin}
    login.opener: severed
"""


def scenario(pytester: pytest.Pytester, text: str = SCENARIO, name: str = "popup.isolab.yaml") -> Path:
    """Write a scenario file into the project."""
    path = pytester.path / name
    path.write_text(text, encoding="utf-8")
    return path


def with_browsers(pytester: pytest.Pytester, *names: str) -> None:
    """Have pytest-playwright start the builds that are here, as a project with browsers of its own does."""
    known = {name: launch_options(name) for name in names}  # type: ignore[arg-type]
    pytester.makeconftest(f"""
        import json
        import pytest

        KNOWN = json.loads({json.dumps(json.dumps(known))})

        @pytest.fixture(scope="session")
        def browser_type_launch_args(browser_type_launch_args, browser_name):
            return {{**browser_type_launch_args, **KNOWN[browser_name]}}
    """)


ORDINARY = Path(__file__).parent / "pytest_plugin" / "ordinary_project"


def ordinary_project(pytester: pytest.Pytester, *names: str) -> tuple[str, ...]:
    """Copy the project that knows nothing of isolab into `shop/`; returns the arguments to run it in these browsers."""
    with_browsers(pytester, *names)
    shutil.copytree(ORDINARY, pytester.path / "shop", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    # The project's own conftest is in `shop/`, the browsers that are here are told in the folder above.
    return ("shop", "--confcutdir", ".", *(word for name in names for word in ("--browser", name)))


_UNUSED = ("-p", "no:hypothesispytest", "-p", "no:anyio")
"""What the tests of isolab brought here. Hypothesis is imported whenever pytest ends, which costs half its time."""

WITHOUT_OTHERS = ("-p", "no:asyncio", *_UNUSED)
"""Plugins that are installed beside isolab, and not by those whose projects these are."""


def run(pytester: pytest.Pytester, *arguments: str, asyncio: bool = False) -> pytest.RunResult:
    """Run pytest on the project, with pytest-asyncio where the project has it."""
    return pytester.runpytest_subprocess("-v", *(_UNUSED if asyncio else WITHOUT_OTHERS), *arguments)


@contextmanager
def at_terminal(pytester: pytest.Pytester, limit_s: float, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Pytest as at a terminal, for Ctrl-C: in a session of its own, so that it reaches pytest and its children at once.

    It is killed with the block, or after `limit_s` seconds.
    """
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", *WITHOUT_OTHERS, *arguments],
        cwd=pytester.path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    watchdog = threading.Timer(limit_s, running.kill)
    watchdog.start()
    try:
        yield running
    finally:
        watchdog.cancel()
        running.kill()


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    """The ids of the tests that pytest would run."""
    result = pytester.runpytest_subprocess(
        *WITHOUT_OTHERS, "-p", "no:cacheprovider", "--collect-only", "-q", *arguments
    )
    return [line for line in result.outlines if "::" in line]
