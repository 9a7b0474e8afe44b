"""The windows of one WebDriver session. Every command runs on a thread of its own, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

import psutil
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    InvalidSelectorException,
    NoSuchElementException,
    NoSuchWindowException,
    StaleElementReferenceException,
    TimeoutException,
    UnexpectedAlertPresentException,
    WebDriverException,
)
from selenium.webdriver.common.by import By
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as NoAnswer

from isolab.engines.engine import EngineError, Spot, Window, WindowGone
from isolab.engines.processes import family, family_of, kill
from isolab.engines.webkitgtk import Browser, told

T = TypeVar("T")
QUIT_S = 5.0
"""How long a driver may take to quit, and its processes to end of themselves, in seconds; what is left is killed."""

FIND_S = 30.0
"""How long an element may be waited for, in seconds; see COMMAND_S."""

DIALOGS = 10
"""How many dialogs may get in the way of one command that is no step; a page that has more opens them without end."""


class WebDriverSlot:
    """One browser with one window that cases navigate in turn. Every command runs on the slot's own thread."""

    def __init__(self, driver: Browser, thread: ThreadPoolExecutor) -> None:
        """Asks the driver for its window: to be made in `thread`. Raises what selenium raises."""
        self.version = str(driver.capabilities.get("browserVersion", ""))
        self._driver = driver
        self._thread = thread
        self._home = driver.current_window_handle
        self._silent = False
        self._spare: str | None = None
        self._console: list[str] = []
        self._roots = family_of(driver.service.process.pid)

    async def _do(self, work: Callable[[], T]) -> T:
        """Run a command. Raises EngineError where the driver refuses it or does not answer.

        Raises TimeoutError where a dialog of the page was in the way: the driver has dismissed it, the browser is well.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except UnexpectedAlertPresentException as error:
            raise TimeoutError(f"a dialog of the page was in the way and was dismissed: {error.alert_text}") from error
        except (WebDriverException, HTTPError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            self._silent = self._silent or isinstance(error, NoAnswer)
            raise EngineError(told(error)) from error

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
        try:
            self._driver.get(url)
        except WebDriverException as error:
            self._console.append(f"[navigation] {error.msg}")

    async def open(self, url: str) -> None:
        def work() -> None:
            # A tab made through WebDriver stays hidden and opens nothing; a window does.
            self._driver.switch_to.new_window("window")
            self._load(url)

        await self._do(work)

    async def windows(self) -> Sequence[Window]:
        return await self._insist(self._windows)

    def _windows(self) -> list[Window]:
        return [Window(handle, "") for handle in self._driver.window_handles if handle != self._spare]

    def _switch(self, url: str) -> None:
        for handle in reversed(self._driver.window_handles):
            try:
                self._driver.switch_to.window(handle)
                if self._driver.current_url.partition("#")[0] == url.partition("#")[0]:
                    return
            except NoSuchWindowException:
                continue
        raise TimeoutError(f"no window shows {url}")

    async def click(self, url: str, spot: Spot, timeout_s: float) -> None:
        def work() -> None:
            self._switch(url)
            self._driver.implicitly_wait(min(timeout_s, FIND_S))
            try:
                self._driver.find_element(By.CSS_SELECTOR, spot.selector).click()
            except NoSuchElementException as error:
                raise TimeoutError(f"nothing matches {spot.selector}") from error
            except NoSuchWindowException as error:
                raise WindowGone(url) from error
            except (
                ElementClickInterceptedException,
                ElementNotInteractableException,
                InvalidSelectorException,
                StaleElementReferenceException,
                TimeoutException,
            ) as error:
                raise TimeoutError(f"{spot.selector} cannot be clicked: {error.msg}") from error

        await self._do(work)

    async def go(self, url: str, to: str) -> None:
        def work() -> None:
            self._switch(url)
            self._load(to)

        await self._do(work)

    async def close(self, url: str) -> None:
        def work() -> None:
            self._switch(url)
            closing = self._driver.current_window_handle
            if closing == self._home:
                # The session ends with its last window: one that nobody counts keeps it.
                self._driver.switch_to.new_window("window")
                self._spare = self._driver.current_window_handle
                self._driver.switch_to.window(closing)
            self._driver.close()

        await self._do(work)

    async def clear(self) -> None:
        await self._insist(self._clear)

    def _clear(self) -> None:
        handles = self._driver.window_handles
        if self._spare:
            self._home, self._spare = self._spare, None
        elif self._home not in handles:
            self._driver.switch_to.window(handles[0])
            self._driver.switch_to.new_window("window")
            self._home = self._driver.current_window_handle
        for handle in handles:
            if handle != self._home:
                try:
                    self._driver.switch_to.window(handle)
                    self._driver.close()
                except NoSuchWindowException:
                    continue
        self._driver.switch_to.window(self._home)
        self._console.clear()

    async def screenshot(self, handle: str) -> bytes:
        def work() -> bytes:
            self._driver.switch_to.window(handle)
            return self._driver.get_screenshot_as_png()

        return await self._do(work)

    def console(self) -> Sequence[str]:
        return tuple(self._console)

    def alive(self) -> bool:
        """Whether the driver's process still runs."""
        return self._driver.service.process.poll() is None

    async def end(self) -> None:
        """Quit the browser and its driver, and whatever they leave behind."""
        try:
            await self._do(self._end)
        finally:
            self._thread.shutdown()

    def _end(self) -> None:
        # Also what a driver that died has left: then only its own children can still be found.
        started = {process for root in self._roots for process in family(root)}
        # One that did not answer before is not asked again: selenium would wait for minutes.
        if not self._silent:
            self._quit()
            started = set(psutil.wait_procs(started, timeout=QUIT_S)[1])
        kill(started)
        self._driver.service.stop()

    def _quit(self) -> None:
        self._driver.answer_within(QUIT_S)
        try:
            self._driver.quit()
        except (WebDriverException, HTTPError, OSError):
            self._console.append("the driver was gone already")
