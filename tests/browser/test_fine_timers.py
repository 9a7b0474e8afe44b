"""How the probe reads a clock, whose readings are made up here: what a busy machine makes of it."""

from __future__ import annotations

import pytest
from own_browser import Rig
from playwright.async_api import Browser

from isolab.resources import resource

pytestmark = pytest.mark.browser

MEASURE = (resource("fixtures") / "probe-measure.js").read_text(encoding="utf-8")
MADE_UP = """(steps) => {
    let now = 1000;
    performance.now = () => { now += steps.length > 1 ? steps.shift() : steps[0]; return now; };
    return isolabMeasures.timers();
}"""
"""The clock is read in these steps (ms), the last of which goes on; the first two are before anything is measured."""


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([0, 0, 0.02], "fine"),
        ([0, 0, 0.1], "coarse"),
        ([0, 0, 16.667], "coarse"),
        # The thread was kept waiting before it saw the first step, and the second.
        ([0, 30, 0.02], "fine"),
        ([0, 0, 30, 0.02], "fine"),
        ([0, 0, 30, 25, 40, 0.02], "fine"),
    ],
)
def test_a_thread_that_is_kept_waiting_makes_no_clock_coarse(
    own_browser: Rig, steps: list[float], expected: str
) -> None:
    async def work(browser: Browser) -> object:
        page = await browser.new_page()
        try:
            await page.evaluate(f"{MEASURE}; self.isolabMeasures = isolabMeasures")
            return await page.evaluate(MADE_UP, steps)
        finally:
            await page.close()

    assert own_browser.run(work) == expected
