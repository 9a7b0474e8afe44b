"""Playwright's real driver, stopped in the middle: a run must come to its end and leave no process behind."""

from __future__ import annotations

import asyncio
import time

import psutil
import pytest
from real_engines import engine_named
from real_runs import children
from started_processes import lives, words

from isolab.engines import playwright, playwright_driver
from isolab.engines.engine import Launch
from isolab.lab.server import open_lab
from isolab.scenario.case import EngineName

pytestmark = [pytest.mark.browser]


@pytest.mark.skipif(not hasattr(psutil.Process, "suspend"), reason="no process can be stopped here")
@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_a_driver_that_stands_still_does_not_hold_the_end_up(name: EngineName, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_named(name)
    if engine.driver != "playwright":
        pytest.skip(f"{name} is not driven by Playwright here")
    before = children()
    stopped: list[psutil.Process] = []
    took: list[float] = []

    async def whole() -> None:
        async with open_lab() as lab:
            async with engine.start(Launch(lab.port, lab.authority.spki)) as session:
                await session.slot()
                stopped.extend(child for child in children() - before if "run-driver" in words(child))
                stopped[0].suspend()
                for module in (playwright, playwright_driver):
                    monkeypatch.setattr(module, "STOP_S", 0.5)
                took.append(time.monotonic())
            took.append(time.monotonic())

    asyncio.run(whole())
    assert len(stopped) == 1
    assert took[1] - took[0] < 20
    assert children() <= before


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_a_driver_that_is_ended_from_outside_leaves_no_browser_behind(name: EngineName) -> None:
    # As `timeout` does, which signals the whole group.
    engine = engine_named(name)
    if engine.driver != "playwright":
        pytest.skip(f"{name} is not driven by Playwright here")
    before = children()
    started: set[psutil.Process] = set()

    async def whole() -> None:
        async with open_lab() as lab, engine.start(Launch(lab.port, lab.authority.spki)) as session:
            await session.slot()
            started.update(children() - before)
            (driver,) = [child for child in started if "run-driver" in words(child)]
            driver.terminate()

    asyncio.run(whole())
    assert len(started) > 2
    assert [process for process in started if lives(process)] == []
