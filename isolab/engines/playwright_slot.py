"""One context of a browser that Playwright drives, with the page that cases navigate in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Page, Request

from isolab.engines.account_chooser import NO_CHOOSER, AccountChooser
from isolab.engines.engine import EngineError, Shown, Spot, Window, WindowGone
from isolab.engines.playwright_driver import START_S, STOP_S, within
from isolab.engines.playwright_find import find_page

T = TypeVar("T")

Failure = Exception
"""What a call may end with: Playwright's Error, or a bare Exception where the driver's own process has ended."""

SCREENSHOT_S = 5.0
"""How long a window may take to paint for its picture, in seconds."""

CLEARINGS = 10
"""How often windows are closed that come while others are; a page that opens more does so without end."""


class PlaywrightSlot:
    """One context with one page that cases navigate in turn."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self._context = context
        self._page = page
        self._crashed = False
        self._arriving = False
        self._on_crash: Callable[[str], None] | None = None
        self._met = 0
        self._console: list[str] = []
        self._accounts: AccountChooser | None = None
        context.on("console", self._hear)
        context.on("requestfailed", self._lament)
        context.on("page", self._attend)
        self._attend(page)

    def _hear(self, message: ConsoleMessage) -> None:
        self._console.append(f"[{message.type}] {message.text}")

    def _lament(self, request: Request) -> None:
        self._console.append(f"[request failed] {request.url} {request.failure or ''}".rstrip())

    def _attend(self, page: Page) -> None:
        self._met += 1
        page.on("crash", self._bury)
        if self._accounts is not None:
            self._accounts.attend(page)

    def _bury(self, page: Page) -> None:
        self._console.append(f"[crash] the page's renderer crashed: {page.url}")
        own = page is self._page
        self._crashed = self._crashed or own
        if self._on_crash and not (own and self._arriving):
            self._on_crash(page.url)

    def on_crash(self, listener: Callable[[str], None] | None) -> None:
        self._on_crash = listener

    async def show(self, url: str) -> None:
        await self._renew()
        # Word that it crashed under the case before may come only now.
        self._arriving = True
        try:
            came = await self._navigate(self._page, url)
        finally:
            self._arriving = False
        if self._crashed and not came:
            await self._renew()
            await self._navigate(self._page, url)
        elif self._crashed and self._on_crash:
            self._on_crash(url)

    async def open(self, url: str) -> None:
        page = await self._new_page()
        await self._attended()
        await self._navigate(page, url)

    async def _new_page(self) -> Page:
        try:
            return await _within(START_S, self._context.new_page(), "the browser opened no window")
        except EngineError:
            raise
        except Failure as error:
            raise EngineError(f"the browser does not open a window: {first_line(error)}") from error

    async def _renew(self) -> None:
        """Have a window of its own again: Playwright never again does anything with one whose renderer has crashed."""
        if self._crashed:
            await self._dismiss(self._page)
        if self._crashed or self._page.is_closed():
            self._page = await self._new_page()
            self._crashed = False

    async def _navigate(self, page: Page, url: str) -> bool:
        """Whether the browser has taken the page there."""
        try:
            await _within(START_S, page.goto(url, wait_until="commit"), "the browser did not answer to a navigation")
        except EngineError:
            raise
        except Failure as error:
            self._check(error)
            # What the page shows is judged by its reports; the driver's complaint is kept for the record.
            self._console.append(f"[navigation] {first_line(error)}")
            return False
        return True

    def _check(self, error: Exception) -> None:
        """Raises EngineError where the browser itself is gone, or the driver's own process."""
        if not isinstance(error, Error):
            raise EngineError(f"Playwright's driver ended: {first_line(error)}") from error
        browser = self._context.browser
        if browser is None or not browser.is_connected():
            raise EngineError(f"the browser ended: {first_line(error)}") from error

    def _pages(self) -> list[Page]:
        return [page for page in self._context.pages if not page.is_closed()]

    async def windows(self) -> Sequence[Window]:
        return [Window(str(id(p)), p.url) for p in self._pages()]

    def knows_of(self, count: int) -> bool:
        return self._met >= count

    async def _find(self, shown: Shown, timeout_s: float) -> Page:
        try:
            return await find_page(self._pages, shown, timeout_s)
        except TimeoutError:
            raise
        except Failure as error:
            raise EngineError(f"Playwright's driver ended: {first_line(error)}") from error

    async def click(self, shown: Shown, spot: Spot, timeout_s: float) -> None:
        page = await self._find(shown, timeout_s)
        try:
            # Not page.click: that compiles a script of its own in every page, and waits for frames to be painted,
            # which takes seconds in a window that another one covers.
            async with asyncio.timeout(timeout_s):
                await self._attended()
                await page.mouse.click(spot.x, spot.y)
        except TimeoutError:
            raise
        except Failure as error:
            self._check(error)
            if page.is_closed():
                raise WindowGone(shown.url) from error
            raise TimeoutError(first_line(error)) from error

    async def go(self, shown: Shown, to: str, timeout_s: float) -> None:
        await self._navigate(await self._find(shown, timeout_s), to)

    async def close(self, shown: Shown, timeout_s: float) -> None:
        page = await self._find(shown, timeout_s)
        try:
            await _close(page)
        except EngineError:
            raise
        except Failure as error:
            self._check(error)
            self._console.append(f"[close] {first_line(error)}")

    async def mind_accounts(self) -> None:
        browser = self._context.browser
        if browser is not None and browser.browser_type.name == "chromium":
            self._accounts = AccountChooser()
            await self._renew()
            self._accounts.attend(self._page)
            await self._attended()

    async def _attended(self) -> None:
        """Wait until the sign-in dialogs of every window that has come are kept open, where that is wanted."""
        if self._accounts is None:
            return
        try:
            await self._accounts.attended()
        except TimeoutError as error:
            raise EngineError(f"the browser did not answer about its dialogs: {error}") from error
        except Failure as error:
            self._check(error)
            self._console.append(f"[accounts] {first_line(error)}")

    async def choose(self, shown: Shown, account: str | None, timeout_s: float) -> None:
        if self._accounts is None:
            raise TimeoutError(NO_CHOOSER)
        page = await self._find(shown, timeout_s)
        try:
            await self._accounts.choose(page, account, timeout_s)
        except TimeoutError:
            raise
        except Failure as error:
            self._check(error)
            raise TimeoutError(first_line(error)) from error

    async def answer(self) -> None:
        """Have the driver answer anything. Raises Failure where it does not."""
        await self._context.cookies("http://localhost/")

    async def forget(self) -> None:
        if not self._crashed and not self._page.is_closed():
            await self._navigate(self._page, "about:blank")
        try:
            await _within(STOP_S, self._context.clear_cookies(), "the browser did not drop its cookies")
        except EngineError:
            raise
        except Failure as error:
            self._check(error)

    async def clear(self) -> None:
        # Not in the background: the next case could find a window by its name that is still being closed. And Chromium,
        # where a page opens a popup while another window of the same process closes, asks for frames for the closed one
        # without end: `window.open` waits for the driver in a loop of its own, in which the process cannot drop a page.
        for _ in range(CLEARINGS):
            if not (others := [page for page in self._pages() if page is not self._page]):
                break
            for failure in await asyncio.gather(*map(self._dismiss, others), return_exceptions=True):
                if failure is not None:
                    raise failure
        await self._renew()
        if self._accounts is not None:
            accounts, self._accounts = self._accounts, None
            with suppress(Failure):  # where its windows are gone, so are the sessions
                await within(STOP_S, accounts.end())
        self._met = 1
        self._console.clear()

    async def _dismiss(self, page: Page) -> None:
        try:
            await _close(page)
        except EngineError:
            raise
        except Failure:
            return  # where it closes by itself, or with the whole browser, it is gone as well

    async def screenshot(self, handle: str) -> bytes:
        page = next((p for p in self._pages() if str(id(p)) == handle), None)
        if page is None:
            raise EngineError("the window is closed")
        try:
            return await within(2 * SCREENSHOT_S, page.screenshot(timeout=SCREENSHOT_S * 1000))
        except Failure as error:
            raise EngineError(first_line(error)) from error

    def console(self) -> Sequence[str]:
        return tuple(self._console)


async def _close(page: Page) -> None:
    await _within(STOP_S, page.close(), "the browser did not close a window")


async def _within(limit_s: float, call: Coroutine[Any, Any, T], complaint: str) -> T:
    """What the call gives. Raises EngineError with the complaint where that takes longer: no call ends by itself."""
    try:
        return await within(limit_s, call)
    except TimeoutError as error:
        raise EngineError(f"{complaint} within {limit_s:g} s") from error


def first_line(error: Exception) -> str:
    """What an error says; that the driver's process has ended comes as a bare Exception."""
    return str(error).strip().partition("\n")[0]
