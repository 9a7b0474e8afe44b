"""How long the HTML report of many cases takes: to be made, to be opened, to be filtered, and to show one case.

    python tests/bench/html_report.py [CASES]

Opened: from the navigation until the page's script has counted its cases, in a browser that runs already.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from own_browser import launch_options
from pictured import ENGINES, file_of, results_of, saved
from playwright.async_api import Page, async_playwright

from isolab.reports.html import render

ROUNDS = 5


async def took(work: Awaitable[object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def opened(page: Page, address: str) -> None:
    await page.goto(address)
    await page.wait_for_function("document.getElementById('shown').textContent")


async def filtered(page: Page) -> None:
    await page.fill("#text", "hops=19")
    await page.wait_for_function("document.getElementById('shown').textContent.includes(' of ')")


async def shown(page: Page) -> None:
    await page.evaluate("document.querySelector('#cases tbody tr:not([hidden]) a').click()")
    await page.wait_for_selector("dialog[open] .picture")


async def measure(address: str) -> None:
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(**launch_options("chromium")) as browser,
    ):
        times: list[tuple[float, ...]] = []
        for _ in range(ROUNDS):
            page = await browser.new_page()
            times.append((await took(opened(page, address)), await took(filtered(page)), await took(shown(page))))
            await page.close()
    for what, found in zip(("opened", "filtered", "case shown"), zip(*times, strict=True), strict=True):
        print(f"{what}: best {min(found):.2f} s, median {_median(found):.2f} s")


def _median(values: tuple[float, ...]) -> float:
    return sorted(values)[len(values) // 2]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    results = file_of(results_of(count))
    began = time.process_time()
    page = render(results)
    made_s = time.process_time() - began
    print(f"{count} cases in {len(ENGINES)} engines: made in {made_s:.1f} s, {len(page) / 1e6:.1f} MB")
    with TemporaryDirectory() as folder:
        asyncio.run(measure(saved(page, Path(folder))))


if __name__ == "__main__":
    main()
