"""pytest-playwright starts Playwright's own builds: where one is missing, what isolab has found instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pprint import pformat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isolab.engines.engine import Engine
    from isolab.scenario.case import EngineName

_MISSING = re.compile(r"Executable doesn't exist at (?!.*ffmpeg)")
"""Of a browser: ffmpeg, which makes Playwright's videos, is no browser that another could stand in for."""
_CONFTEST = """\
import pytest

FOUND = {builds}

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_name):
    return {{**browser_type_launch_args, **FOUND.get(browser_name, {{}})}}
"""


def is_missing(error: BaseException) -> bool:
    """Whether an error of Playwright's says so."""
    return _MISSING.search(str(error)) is not None


def advice(browser: EngineName, engines: Mapping[EngineName, Engine]) -> str:
    """Say how pytest-playwright comes by this browser; `engines` are those that isolab has found, by name."""
    told = f"Playwright's own build of {browser} is not on this machine: `playwright install {browser}` gets it."
    found = engines.get(browser)
    if found is None:
        return told
    if found.driver != "playwright":
        return f"{told}\nisolab has {found.executable}, which Playwright cannot drive: take the fixture `isolab_lab`."
    # Every engine that was found: a fixture for one alone would start it for the others as well.
    builds = {engine.name: _launch(engine) for engine in engines.values() if _from_elsewhere(engine)}
    conftest = _CONFTEST.format(builds=pformat(builds, width=100))
    return f"{told}\nOr let it start {found.executable}, which isolab has found, by a conftest.py with\n\n{conftest}"


def _from_elsewhere(engine: Engine) -> bool:
    return engine.driver == "playwright" and not engine.bundled


def _launch(engine: Engine) -> dict[str, str]:
    channel = {"channel": "moz-firefox"} if engine.name == "firefox" else {}
    return {"executable_path": engine.executable, **channel}
