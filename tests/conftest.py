"""What browser tests share: one run for each engine, or the reason why an engine is not here."""

from __future__ import annotations

import os
from functools import cache

import pytest
from hypothesis import settings

from isolab.engines.engine import Engine
from isolab.engines.registry import find_engines
from isolab.engines.remedy import missing
from isolab.scenario.case import ENGINE_NAMES, EngineName

# How long an example takes depends on what else the machine does.
settings.register_profile("isolab", deadline=None)
settings.load_profile("isolab")

REQUIRE = "ISOLAB_REQUIRE_ENGINES"
"""With this variable at 1 an engine that is not on the machine fails the tests that want it."""


@cache
def _found() -> dict[EngineName, Engine]:
    return {engine.name: engine for engine in find_engines()}


def engine_named(name: EngineName) -> Engine:
    """The engine; skips the test, or fails it where engines are required, if this machine has none."""
    if name in _found():
        return _found()[name]
    why = f"no {name}: {missing(list(_found().values()), [name])[0].why}"
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(f"{REQUIRE}=1, but {why}")
    pytest.skip(why)


@pytest.fixture(params=ENGINE_NAMES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    return engine_named(request.param)


@pytest.fixture
def firefox() -> Engine:
    """Firefox: what depends on its preferences."""
    return engine_named("firefox")


@pytest.fixture
def chromium() -> Engine:
    """Chromium: what no engine does differently is tried in the one that starts soonest."""
    return engine_named("chromium")
