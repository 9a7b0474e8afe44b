"""The usual way to write such tests: one context a case, one case after the other, every fact asked through the driver.

It flies the very same cases against the very same lab, so that the two ways can be compared in one run. It waits for
nothing longer than it must (no sleeps, `expect_popup`, `wait_for_function`), as a careful author would write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page

from isolab.lab.server import Lab
from isolab.lab.stage import Stage
from isolab.scenario.case import Case, Check, Click, Close, Navigate, Open, Popup, Step, Wait

TIMEOUT_MS = 10_000
FACTS = {
    "crossOriginIsolated": "crossOriginIsolated",
    "isSecureContext": "isSecureContext",
    "SharedArrayBuffer": "typeof SharedArrayBuffer === 'function'",
    "name": "name",
    "length": "length",
}
SHARED_MEMORY = """async () => {
  if (typeof SharedArrayBuffer !== 'function') return false;
  const source = 'onmessage = e => { new Int32Array(e.data)[0] = 1; postMessage(1) }';
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  const cells = new Int32Array(new SharedArrayBuffer(4));
  const done = new Promise(resolve => { worker.onmessage = resolve });
  worker.postMessage(cells.buffer);
  await done;
  return Atomics.load(cells, 0) === 1;
}"""


class UsualWay:
    """One case in a context of its own."""

    def __init__(self, case: Case, stage: Stage, context: BrowserContext) -> None:
        self._case = case
        self._stage = stage
        self._context = context
        self._pages: dict[str, Page] = {}

    def _url(self, page: str) -> str:
        return self._stage.address(self._case.pages[page])

    async def run(self) -> None:
        """Every step, then every check; what the checks find is not judged here, only paid for."""
        for step in self._case.steps:
            await self._step(step)
        for check in self._case.checks:
            await self._check(check)

    async def _popup_of(self, opener: Page, act: Callable[[], Any]) -> Page:
        async with opener.expect_popup(timeout=TIMEOUT_MS) as opened:
            await act()
        popup = await opened.value
        await popup.wait_for_load_state()
        return popup

    async def _step(self, step: Step) -> None:
        match step:
            case Open():
                page = await self._context.new_page()
                await page.goto(self._url(step.page))
                self._pages[step.window] = page
            case Popup():
                await self._open_popup(step)
            case Click():
                page = self._pages[step.window]
                if step.opens:
                    act = lambda: page.click(step.selector)  # noqa: E731
                    self._pages[step.opens] = await self._popup_of(page, act)
                else:
                    await page.click(step.selector, no_wait_after=True)
            case Navigate():
                await self._pages[step.window].goto(self._url(step.page))
            case Close():
                await self._pages[step.window].close()
            case Wait():
                if step.page and not self._pages[step.window].is_closed():
                    await self._pages[step.window].wait_for_url(f"{self._url(step.page)}**", timeout=TIMEOUT_MS)

    async def _open_popup(self, step: Popup) -> None:
        opener = self._pages[step.opener]
        script = "([url, target, features]) => { window.handle = window.open(url, target, features) }"
        before = set(self._context.pages)
        async with self._context.expect_page(timeout=TIMEOUT_MS) as opened:
            await opener.evaluate(script, [self._url(step.page), f"{step.target}{len(before)}", step.features])
        popup = await opened.value
        await popup.wait_for_load_state()
        self._pages[step.window] = popup

    async def _check(self, check: Check) -> None:
        name, *embeds = check.subject.split(".")
        page = self._pages.get(name)
        if page is None or page.is_closed():
            return
        if check.fact == "opener":
            kept = await page.evaluate("window.opener !== null")
            opener = next((p for p in self._pages.values() if p is not page), page)
            if not kept and not opener.is_closed():
                await opener.evaluate("() => !window.handle || window.handle.closed")
        elif check.fact == "sharedMemory":
            await page.evaluate(SHARED_MEMORY)
        elif embeds:
            await page.wait_for_load_state("load")
            await page.evaluate("document.querySelectorAll('img, script, link, iframe').length")
        elif check.fact in FACTS:
            await page.evaluate(FACTS[check.fact])
        else:
            await page.evaluate("document.title")


async def fly_the_usual_way(browser: Browser, lab: Lab, case: Case) -> None:
    """One case; a case that this simple way cannot walk to its end still costs what it costs."""
    stage = lab.stage()
    stage.play(case)
    context = await browser.new_context(proxy={"server": f"http://127.0.0.1:{lab.port}"}, ignore_https_errors=True)
    context.set_default_timeout(TIMEOUT_MS)
    try:
        await UsualWay(case, stage, context).run()
    except Error:
        return
    finally:
        await context.close()
        lab.leave(stage)
