"""The usual way to write such tests: one context a case, one case after the other, every fact asked through the driver.

It flies the very same cases against the very same lab, so that the two ways can be compared in one run. It waits for
nothing longer than it must (no sleeps, `expect_popup`, `wait_for_function`), as a careful author would write it, and it
looks at everything that a case expects (`usual_checks.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Frame, Page
from usual_checks import UsualChecks, child

from isolab.lab.server import Lab
from isolab.lab.stage import Stage
from isolab.runner.named_window import final_page
from isolab.scenario.case import Case, Click, Close, Navigate, Open, Popup, Step, Wait

TIMEOUT_MS = 10_000

OPEN = """([name, by, url, target, features, rel]) => {
  window.handles ??= {};
  window.heard ??= {};
  addEventListener('message', event => {
    if (event.data && event.data.usual === name) window.heard[name] = event.source === window.handles[name];
  });
  if (by === 'window.open') {
    window.handles[name] = window.open(url, target, features);
  } else {
    const link = Object.assign(document.createElement('a'), { href: url, target, rel });
    document.body.append(link);
    link.click();
  }
}"""

WATCH = """for (const state of ['load', 'error']) {
  document.addEventListener(state, event => { event.target.usual = state; }, true);
}"""
"""Notes on each picture, script and style sheet how its load ended."""

LISTEN = """(() => {
  let probe;
  window.said = {};
  Object.defineProperty(window, 'isolab', { get: () => probe, set(given) {
    probe = { ...given, say(key, value = true) { window.said[key] = value; given.say(key, value); } };
  } });
})();"""
"""Notes what the page says, where a test can read it."""

GO = {
    "location": "url => { location.href = url; }",
    "replace": "url => { location.replace(url); }",
    "link": "url => { const a = document.createElement('a'); a.href = url; document.body.append(a); a.click(); }",
}


class UsualWay:
    """One case in a context of its own."""

    def __init__(self, case: Case, stage: Stage, context: BrowserContext) -> None:
        self._case = case
        self._stage = stage
        self._context = context
        self._pages: dict[str, Page] = {}
        self._openers: dict[str, str] = {}

    def _url(self, page: str) -> str:
        return self._stage.address(self._case.pages[page])

    async def run(self) -> list[str]:
        """Every step, then every check; what was not as expected."""
        if any(page.embeds for page in self._case.pages.values()):
            await self._context.add_init_script(WATCH)
        if any(check.fact.startswith("says.") for check in self._case.checks):
            await self._context.add_init_script(LISTEN)
        for step in self._case.steps:
            await self._step(step)
        checks = UsualChecks(self._case, self._stage, self._pages, self._openers)
        asked = [check for check in self._case.checks if "chromium" in check.engines]
        return [check.what for check in asked if not await checks.holds(check)]

    async def _step(self, step: Step) -> None:
        match step:
            case Open():
                self._pages[step.window] = page = await self._context.new_page()
                await page.goto(self._url(step.page))
            case Popup():
                await self._popup(step)
            case Click():
                await self._click(step)
            case Navigate():
                await self._navigate(step)
            case Close():
                await self._close(step)
            case Wait():
                await self._wait(step)

    async def _opened(self, opener: str, name: str, shows: str, act: Callable[[], Awaitable[Any]]) -> None:
        """Open a window, or find one again by the name of the target: then that one goes to the page."""
        self._openers[name] = opener
        found: asyncio.Future[Page] = asyncio.get_running_loop().create_future()
        url = self._url(final_page(self._case, shows))

        def new(page: Page) -> None:
            if not found.done():
                found.set_result(page)

        def went(frame: Frame) -> None:
            if frame.url.startswith(url) and frame.parent_frame is None:
                new(frame.page)

        known = [page for window, page in self._pages.items() if window != opener]
        self._context.on("page", new)
        for page in known:
            page.on("framenavigated", went)
        await act()
        for page in self._context.pages:
            if page not in self._pages.values():  # it was there before anybody asked
                new(page)
        async with asyncio.timeout(TIMEOUT_MS / 1000):
            self._pages[name] = await found
        self._context.remove_listener("page", new)
        for page in known:
            page.remove_listener("framenavigated", went)
        await self._pages[name].wait_for_load_state()

    async def _popup(self, step: Popup) -> None:
        page = self._frame(step.opener, step.frame)
        if step.by == "self":
            await self._opened(step.opener, step.window, step.page, self._nothing)
            return
        given = [step.window, step.by, self._url(step.page), step.target, step.features, step.rel]
        await self._opened(step.opener, step.window, step.page, lambda: page.evaluate(OPEN, given))

    @staticmethod
    async def _nothing() -> None:
        """The page does it by itself."""

    def _frame(self, window: str, names: Sequence[str]) -> Frame:
        """The frame in which a step happens."""
        frame = self._pages[window].main_frame
        for name in names:
            frame = child(frame, name)
        return frame

    async def _click(self, step: Click) -> None:
        page = self._frame(step.window, step.frame)
        if step.opens:
            shows = step.loads or step.opens
            await self._opened(step.window, step.opens, shows, lambda: page.click(step.selector))
            if step.loads:
                await self._shows(step.opens, step.loads)
            return
        await page.click(step.selector, no_wait_after=True)
        if step.loads:
            await self._shows(step.window, step.loads)

    async def _shows(self, window: str, page: str) -> None:
        url = self._url(final_page(self._case, page))
        if not self._pages[window].is_closed():
            await self._pages[window].wait_for_url(f"{url}**", timeout=TIMEOUT_MS)

    async def _navigate(self, step: Navigate) -> None:
        page = self._pages[step.window]
        if step.by == "address-bar":
            await page.goto(self._url(step.page))
            return
        if step.by == "opener":
            opener = self._pages[self._openers[step.window]]
            script = "([name, url]) => { window.handles[name].location = url; }"
            await opener.evaluate(script, [step.window, self._url(step.page)])
        else:
            await page.evaluate(GO[step.by], self._url(step.page))
        await self._shows(step.window, step.page)

    async def _close(self, step: Close) -> None:
        page = self._pages[step.window]
        if step.by == "user":
            await page.close()
        elif step.by == "self":
            await page.evaluate("() => { setTimeout(() => window.close()); }")
        else:
            opener = self._pages[self._openers[step.window]]
            await opener.evaluate("name => window.handles[name].close()", step.window)

    async def _wait(self, step: Wait) -> None:
        page = self._pages[step.window]
        if step.page:
            await self._shows(step.window, step.page)
        elif step.closed and not page.is_closed():
            await page.wait_for_event("close", timeout=TIMEOUT_MS)


async def fly_the_usual_way(browser: Browser, lab: Lab, case: Case) -> list[str]:
    """One case; what was not as expected."""
    stage = lab.stage()
    stage.play(case)
    context = await browser.new_context(proxy={"server": f"http://127.0.0.1:{lab.port}"}, ignore_https_errors=True)
    context.set_default_timeout(max(TIMEOUT_MS, case.timeout_s * 1000))
    try:
        return await UsualWay(case, stage, context).run()
    except Error as error:
        return [error.message.partition("\n")[0]]
    except TimeoutError:
        return ["no window came"]
    finally:
        await context.close()
        lab.leave(stage)
