"""The windows of one WebDriver session. Every command runs on a thread of its own, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    InvalidSelectorException,
    NoAlertPresentException,
    NoSuchElementException,
    NoSuchWindowException,
    StaleElementReferenceException,
    TimeoutException,
    UnexpectedAlertPresentException,
    WebDriverException,
)
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By
from selenium.webdriver.common.timeouts import Timeouts
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as NoAnswer

from isolab.engines.account_chooser import NO_CHOOSER
from isolab.engines.engine import WHICH_DOCUMENT, EngineError, Shown, Spot, Window, WindowGone
from isolab.engines.processes import end, family, family_of, kill, kill_family
from isolab.engines.webdriver_windows import new_window
from isolab.engines.webkitgtk import LOAD_S, Browser, told

T = TypeVar("T")
REST_S = 5.0
"""How much longer than its time a command may take that nobody waits for any more, in seconds."""

FIND_S = 30.0
"""How long an element may be waited for, in seconds; see COMMAND_S."""

CLEARINGS = 10
"""How often windows are closed that come while others are; a page that opens more does so without end."""

DIALOGS = 10
"""How many dialogs may get in the way of one command that is no step; a page that has more opens them without end."""


class WebDriverSlot:
    """One browser with one window that cases navigate in turn. Every command runs on the slot's own thread."""

    def __init__(self, driver: Browser, thread: ThreadPoolExecutor) -> None:
        """Asks the driver for its window: to be made in `thread`. Raises what selenium raises."""
        self.version = str(driver.capabilities.get("browserVersion", ""))
        self._driver = driver
        self._thread = thread
        self._turn = asyncio.Lock()
        self._running: Future[Any] | None = None
        self._home = driver.current_window_handle
        self._limits = (0.0, LOAD_S)
        self._silent = False
        self._spare: str | None = None
        self._console: list[str] = []
        self._roots = family_of(driver.service.process.pid)

    async def _do(self, work: Callable[[], T]) -> T:
        """Run a command. Raises EngineError where the driver refuses it or does not answer.

        Raises TimeoutError where a dialog of the page was in the way: the driver has dismissed it, the browser is well.
        """
        async with self._turn:
            await self._rest()
            self._running = self._thread.submit(work)
            try:
                return await asyncio.wrap_future(self._running)
            except UnexpectedAlertPresentException as error:
                raise TimeoutError(
                    f"a dialog of the page was in the way and was dismissed: {error.alert_text}"
                ) from error
            except (WebDriverException, HTTPError, OSError) as error:
                if isinstance(error, TimeoutError):
                    raise
                self._silent = self._silent or isinstance(error, NoAnswer)
                raise EngineError(told(error)) from error

    def _stuck(self) -> bool:
        """Whether a command that nobody waits for any more is still under way."""
        return self._running is not None and not self._running.done()

    async def _rest(self) -> None:
        """Wait until such a command has ended. Raises EngineError where that takes too long: the driver is lost."""
        if self._running is None or not self._stuck():
            return
        try:
            async with asyncio.timeout(REST_S):
                await asyncio.gather(asyncio.wrap_future(self._running), return_exceptions=True)
        except TimeoutError as error:
            self._silent = True
            raise EngineError(f"WebKitWebDriver: a command has not ended {REST_S:g} s after its time was up") from error

    async def _insist(self, work: Callable[[], T]) -> T:
        """Run a command that belongs to no step, again after each dialog. Raises EngineError also for one too many."""
        for _ in range(DIALOGS):
            with suppress(TimeoutError):
                return await self._do(work)
        try:
            return await self._do(work)
        except TimeoutError as error:
            raise EngineError(f"WebKitWebDriver: {error}; and so {DIALOGS} times before") from error

    async def show(self, url: str) -> None:
        await self._do(lambda: self._show(url))

    def _show(self, url: str) -> None:
        self._driver.switch_to.window(self._home)
        self._load(url)

    def _load(self, url: str) -> None:
        """What the window shows is judged by its reports; the driver's complaint is kept for the record."""
        self._allow(LOAD_S)
        try:
            self._driver.get(url)
        except WebDriverException as error:
            self._console.append(f"[navigation] {error.msg}")

    async def open(self, url: str) -> None:
        def work() -> None:
            new_window(self._driver)
            self._load(url)

        await self._do(work)

    async def windows(self) -> Sequence[Window]:
        return await self._insist(self._windows)

    def knows_of(self, count: int) -> bool:
        return count >= 0  # the list is the browser's own, as it is when it is asked for

    def _windows(self) -> list[Window]:
        return [Window(handle, "") for handle in self._driver.window_handles if handle != self._spare]

    def _dismiss(self) -> None:
        """Dismiss what dialogs the window shows that the driver is at: while one does, it gets to no other."""
        with suppress(NoAlertPresentException, NoSuchWindowException):
            for _ in range(DIALOGS):
                self._driver.switch_to.alert.dismiss()

    def _switch(self, shown: Shown) -> None:
        """Come to the window that shows this. Raises TimeoutError where there is none."""
        self._dismiss()
        handles = self._driver.window_handles
        by_url = None
        for handle in reversed(handles):
            if self._may_be(handle, shown):
                if len(handles) == 1 or self._shows(shown):
                    return
                by_url = by_url or handle
        # A page may have replaced all that it was, the probe's element too.
        if by_url is None or shown.twins:
            raise TimeoutError(f"no window shows {shown.url}")
        self._driver.switch_to.window(by_url)

    def _may_be(self, handle: str, shown: Shown) -> bool:
        """Come to a window. Whether it shows the URL."""
        try:
            self._driver.switch_to.window(handle)
            return shown.may_be(self._driver.current_url)
        except NoSuchWindowException:
            return False
        except TimeoutException as error:
            raise TimeoutError("a window does not end to load") from error

    def _shows(self, shown: Shown) -> bool:
        """Whether the window that the driver is at has the document; not where it goes away while it is asked."""
        with suppress(NoSuchWindowException):
            return bool(self._driver.execute_script(f"return {WHICH_DOCUMENT}") == shown.document)
        return False

    async def click(self, shown: Shown, spot: Spot, timeout_s: float) -> None:
        def work() -> None:
            self._allow(timeout_s)
            try:
                self._switch(shown)
                self._press(spot)
            except NoSuchElementException as error:
                raise TimeoutError(f"nothing matches {spot.selector}") from error
            except NoSuchWindowException as error:
                raise WindowGone(shown.url) from error
            except (
                ElementClickInterceptedException,
                ElementNotInteractableException,
                InvalidSelectorException,
                StaleElementReferenceException,
                TimeoutException,
            ) as error:
                raise TimeoutError(f"{spot.selector} cannot be clicked: {error.msg}") from error

        async with asyncio.timeout(timeout_s):
            await self._do(work)

    def _press(self, spot: Spot) -> None:
        if not spot.framed:
            self._driver.find_element(By.CSS_SELECTOR, spot.selector).click()
            return
        actions = ActionBuilder(self._driver)
        actions.pointer_action.move_to_location(round(spot.x), round(spot.y))  # type: ignore[no-untyped-call]
        actions.pointer_action.click()
        actions.perform()

    def _allow(self, limit_s: float) -> None:
        """Let the driver wait so long for an element and for a page, or as long as it ever may, if that is less."""
        limits = min(limit_s, FIND_S), min(limit_s, LOAD_S)
        if limits != self._limits:
            self._driver.timeouts = Timeouts(implicit_wait=limits[0], page_load=limits[1])
            self._limits = limits

    async def go(self, shown: Shown, to: str, timeout_s: float) -> None:
        del timeout_s  # what the windows show is the browser's own word

        def work() -> None:
            self._allow(LOAD_S)
            self._switch(shown)
            self._load(to)

        await self._do(lambda: self._unless_gone(work))

    async def close(self, shown: Shown, timeout_s: float) -> None:
        del timeout_s  # as above

        def work() -> None:
            self._allow(LOAD_S)
            self._switch(shown)
            closing = self._driver.current_window_handle
            if closing == self._home:
                # The session ends with its last window: one that nobody counts keeps it.
                new_window(self._driver)
                self._spare = self._driver.current_window_handle
                self._driver.switch_to.window(closing)
            self._driver.close()

        await self._do(lambda: self._unless_gone(work))

    def _unless_gone(self, work: Callable[[], None]) -> None:
        """Do something with a window. That it has just gone away by itself is no lost driver, and kept as a note."""
        try:
            work()
        except NoSuchWindowException as error:
            self._console.append(f"[window gone] {error.msg}")

    async def mind_accounts(self) -> None:
        """No browser that is driven so asks for accounts by itself."""

    async def choose(self, shown: Shown, account: str | None, timeout_s: float) -> None:
        del shown, account, timeout_s
        raise TimeoutError(NO_CHOOSER)

    async def forget(self) -> None:
        await self._insist(self._forget)

    def _forget(self) -> None:
        self._dismiss()
        if self._home in self._driver.window_handles:
            self._driver.switch_to.window(self._home)
            # WebDriver drops those that the page itself could read or send, no others.
            self._driver.delete_all_cookies()
            self._load("about:blank")

    async def clear(self) -> None:
        await self._insist(self._clear)

    def _clear(self) -> None:
        self._dismiss()
        handles = self._driver.window_handles
        if self._spare:
            self._home, self._spare = self._spare, None
        elif self._home not in handles:
            self._driver.switch_to.window(handles[0])
            new_window(self._driver)
            self._home = self._driver.current_window_handle
        others = [handle for handle in handles if handle != self._home]
        for _ in range(CLEARINGS):
            if not others:
                break
            for handle in others:
                with suppress(NoSuchWindowException):
                    self._driver.switch_to.window(handle)
                    self._driver.close()
            # Meanwhile more may have come.
            others = [handle for handle in self._driver.window_handles if handle != self._home]
        self._driver.switch_to.window(self._home)
        self._console.clear()

    async def screenshot(self, handle: str) -> bytes:
        def work() -> bytes:
            self._driver.switch_to.window(handle)
            return self._driver.get_screenshot_as_png()

        return await self._do(work)

    def on_crash(self, listener: Callable[[str], None] | None) -> None:
        """Nothing is told: of a page whose process ended, WebDriver says that its window is gone."""

    def console(self) -> Sequence[str]:
        return tuple(self._console)

    def alive(self) -> bool:
        """Whether the driver's process still runs."""
        return self._driver.service.process.poll() is None

    async def end(self) -> None:
        """End the browser, its driver and whatever they leave behind: at once where a command is still under way."""
        if self._stuck():
            # That command fails as soon as nobody is left to answer it, and the thread is free.
            await asyncio.to_thread(self._kill)
        try:
            await self._do(self._end)
        finally:
            await asyncio.to_thread(self._thread.shutdown)

    def _kill(self) -> None:
        self._silent = True
        kill_family(self._driver.service.process)

    def _end(self) -> None:
        # Also what a driver that died has left: then only its own children can still be found.
        started = {process for root in self._roots for process in family(root)}
        # One that did not answer before is not asked again: selenium would wait for minutes.
        if self._silent:
            kill(started)
        else:
            self._quit()
            end(started)
        self._driver.service.stop()

    def _quit(self) -> None:
        try:
            self._driver.quit()
        except (WebDriverException, HTTPError, OSError):
            self._console.append("the driver was gone already")
