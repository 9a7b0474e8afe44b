"""What browser tests share: one run for each engine, or the reason why an engine is not here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from own_app import OwnApp, own_app
from own_browser import Rig, rig
from real_engines import engine_named, lacking

from isolab.engines.engine import Engine
from isolab.engines.registry import find_engines
from isolab.scenario.case import ENGINE_NAMES

pytest_plugins = ["pytester"]
# A project of a user's, which tests run as a whole.
collect_ignore = ["pytest_plugin/ordinary_project"]

# How long an example takes depends on what else the machine does.
settings.register_profile("isolab", deadline=None)
settings.load_profile("isolab")


@pytest.fixture(autouse=True)
def _nowhere_in_particular(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job of GitHub Actions would have annotations and a summary of what the tests run."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)


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


@pytest.fixture(scope="session")
def _running_app() -> Iterator[OwnApp]:
    with own_app() as begun:
        yield begun


@pytest.fixture
def app(_running_app: OwnApp) -> OwnApp:
    """A web app as users have them, outside isolab's lab; it knows nothing of what other tests have made it do."""
    _running_app.forget()
    return _running_app


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def own_browser(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """A browser as users start it, by Playwright's async API."""
    with rig(request.param) as begun:
        yield begun


@pytest.fixture
def own_engines() -> list[str]:
    """Those engines that Playwright drives on this machine."""
    drivable = [
        found.name for found in find_engines() if found.driver == "playwright" and found.name in {"chromium", "firefox"}
    ]
    return drivable or lacking("no engine that Playwright drives")
