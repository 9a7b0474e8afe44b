"""What browser tests share: one run for each engine, or the reason why an engine is not here."""

from __future__ import annotations

import pytest
from hypothesis import settings
from real_engines import engine_named

from isolab.engines.engine import Engine
from isolab.scenario.case import ENGINE_NAMES

# How long an example takes depends on what else the machine does.
settings.register_profile("isolab", deadline=None)
settings.load_profile("isolab")


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
