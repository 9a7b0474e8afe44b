"""The Playwright driver: Chromium and Firefox (also the distribution's builds), and Playwright's own WebKit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from playwright.async_api import Browser, BrowserContext, BrowserType, CDPSession, Error, Page, Playwright

from isolab.engines.engine import EngineError, Launch
from isolab.engines.playwright_driver import START_S, STOP_S, driver, within
from isolab.engines.playwright_slot import Failure, PlaywrightSlot, first_line
from isolab.scenario.case import EngineName

Options = Mapping[str, Any]
"""Keyword arguments of `BrowserType.launch` that belong to one way of starting an engine."""


class PlaywrightSession:
    """A browser; every slot is a context of its own, so windows of two slots are never mixed up."""

    def __init__(self, browser: Browser, launch: Launch, devtools: CDPSession | None = None) -> None:
        self._browser = browser
        self._devtools = devtools
        self._launch = launch
        self._slots: list[PlaywrightSlot] = []
        self.version = browser.version

    async def slot(self) -> PlaywrightSlot:
        proxy = {"server": f"http://127.0.0.1:{self._launch.proxy_port}"}
        try:
            context = await within(START_S, self._browser.new_context(proxy=proxy, ignore_https_errors=True))  # type: ignore[arg-type]
            page = await within(START_S, context.new_page())
            if self._devtools is not None:
                await within(START_S, _deliver_reports(self._devtools, context, page))
            slot = PlaywrightSlot(context, page)
        except TimeoutError as error:
            raise EngineError(f"the browser opened no window within {START_S:g} s") from error
        except Failure as error:
            raise EngineError(f"the browser does not open a window: {first_line(error)}") from error
        self._slots.append(slot)
        return slot

    async def alive(self) -> bool:
        # A driver that has ended leaves the browser "connected"; only a question that it must answer tells.
        try:
            await within(STOP_S, self._slots[0].answer())
        except Failure:
            return False
        return self._browser.is_connected()

    async def close(self) -> None:
        """A browser that does not answer is left to its driver, which ends it when it ends itself."""
        with suppress(Failure):
            await within(STOP_S, self._browser.close())


async def _deliver_reports(devtools: CDPSession, context: BrowserContext, page: Page) -> None:
    """Have Chromium deliver reports (Reporting API), as it does for people.

    It asks for the permission to synchronise in the background first, which it grants by itself unless it is headless.
    The permission ends with the session over which it was given: so that is the browser's, as a page may crash.
    """
    session = await context.new_cdp_session(page)
    target = await session.send("Target.getTargetInfo")
    await session.detach()
    of = {"browserContextId": target["targetInfo"]["browserContextId"]}
    permission = {"permission": {"name": "background-sync"}, "setting": "granted"}
    await devtools.send("Browser.setPermission", {**of, **permission})


def _browser_type(playwright: Playwright, name: EngineName) -> BrowserType:
    return {"chromium": playwright.chromium, "firefox": playwright.firefox, "webkit": playwright.webkit}[name]


@asynccontextmanager
async def start(name: EngineName, options: Options, launch: Launch) -> AsyncIterator[PlaywrightSession]:
    """A session that ends with the block. Raises EngineError with what the browser said."""
    async with driver() as begun:
        try:
            browser = await within(
                START_S, _browser_type(begun.playwright, name).launch(headless=not launch.headed, **options)
            )
            begun.remember()
            devtools = await within(START_S, browser.new_browser_cdp_session()) if name == "chromium" else None
        except TimeoutError as error:
            raise EngineError(f"the browser did not start within {START_S:g} s") from error
        except Error as error:
            raise EngineError(error.message.strip()) from error
        session = PlaywrightSession(browser, launch, devtools)
        try:
            yield session
        finally:
            await session.close()
