"""WebKitGTK's real driver, stopped in the middle: a click ends with its time, and the end of a run waits for nobody."""

from __future__ import annotations

import asyncio
import time

import psutil
import pytest
from real_engines import engine_named
from real_runs import SELENIUM_WARNS, children
from started_processes import words

from isolab.engines import webdriver_slot
from isolab.engines.engine import EngineError, Launch, Shown, Spot
from isolab.lab.server import open_lab

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]


@pytest.mark.skipif(not hasattr(psutil.Process, "suspend"), reason="no process can be stopped here")
def test_a_driver_that_stands_still_holds_up_neither_click_nor_end(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_named("webkit")
    if engine.driver != "webdriver":
        pytest.skip("webkit is not driven by WebDriver here")
    monkeypatch.setattr(webdriver_slot, "REST_S", 0.5)
    before = children()
    took: list[float] = []

    async def whole() -> None:
        async with open_lab() as lab:
            async with engine.start(Launch(lab.port, lab.authority.spki)) as session:
                slot = await session.slot()
                await slot.show("about:blank")
                stopped = [child for child in children() - before if "WebKitWebDriver" in "".join(words(child)[:1])]
                assert len(stopped) == 1
                stopped[0].suspend()
                with pytest.raises(TimeoutError):
                    await slot.click(Shown("about:blank", "none"), Spot("html", 1, 1), 0.5)
                with pytest.raises(EngineError, match="has not ended"):
                    await slot.windows()
                took.append(time.monotonic())
            took.append(time.monotonic())

    asyncio.run(whole())
    assert took[1] - took[0] < 10
    assert children() <= before
