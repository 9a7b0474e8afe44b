"""The W3C WebDriver driver: WebKitGTK's MiniBrowser through WebKitWebDriver, on an Xvfb of isolab's own.

One driver process and one browser per slot, because a WebDriver session answers one command at a time.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, TypeVar

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
from selenium.webdriver.common.webdriver import LocalWebDriver
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as NoAnswer
from urllib3.util import Retry

from isolab.engines.engine import EngineError, Launch, Spot, Window, WindowGone
from isolab.engines.xvfb import virtual_display

T = TypeVar("T")
STOP_S = 5.0
"""How long a driver may take to quit, and its processes to end, in seconds; what is left then is killed."""

COMMAND_S = 120.0
"""How long the driver may take to answer a command, in seconds; one that takes longer is broken, though alive."""

LOAD_S = 60.0
FIND_S = 30.0
"""How long a page may load, and an element be waited for, in seconds. A command may wait for both, one after the other,
and the driver must give up before COMMAND_S: a page that never ends to load is no broken browser."""

DIALOGS = 10
"""How many dialogs may get in the way of one command that is no step; a page that has more opens them without end."""


class Browser(LocalWebDriver):
    """Selenium's WebKitGTK with a deadline for each command, also the one that starts the browser."""

    def __init__(self, options: Options, service: Service) -> None:
        self.service = service
        # Selenium hands this on to urllib3's pool. Unless told otherwise, that asks three times more when time is up.
        pool = {"retries": Retry(3, read=False)}
        config = ClientConfig(service.service_url, init_args_for_pool_manager={"init_args_for_pool_manager": pool})
        config.timeout = COMMAND_S
        super().__init__(command_executor=RemoteConnection(client_config=config), options=options)  # type: ignore[no-untyped-call]
        self._config = config

    def execute(self, driver_command: Any, params: dict[str, Any] | None = None) -> Any:
        """Send one command. Raises what selenium and urllib3 raise; a driver that starts no browser is killed then."""
        try:
            return super().execute(driver_command, params)
        except Exception:
            # Before selenium ends the driver itself: what that has started is then nobody's child, and lost.
            if driver_command == Command.NEW_SESSION:
                _kill_service(self.service)
            raise

    def answer_within(self, limit_s: float) -> None:
        """Give every command from now on so many seconds."""
        self._config.timeout = limit_s


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
        self._roots = _with_children(psutil.Process(driver.service.process.pid))

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
            raise EngineError(_told(error)) from error

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
        started = {process for root in self._roots for process in _with_children(root)}
        # One that did not answer before is not asked again: selenium would wait for minutes.
        if not self._silent:
            self._quit()
            started = set(psutil.wait_procs(started, timeout=STOP_S)[1])
        _kill(started)
        self._driver.service.stop()

    def _quit(self) -> None:
        self._driver.answer_within(STOP_S)
        try:
            self._driver.quit()
        except (WebDriverException, HTTPError, OSError):
            self._console.append("the driver was gone already")


def _told(error: Exception) -> str:
    if isinstance(error, NoAnswer):
        return f"WebKitWebDriver did not answer within {COMMAND_S:g} s"
    return f"WebKitWebDriver: {str(error).strip()}"


def _kill(processes: Collection[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=STOP_S)


def _kill_service(service: Service) -> None:
    """Kill the driver and all that it has started; one that is gone already is no mistake."""
    with suppress(psutil.NoSuchProcess):
        _kill(_with_children(psutil.Process(service.process.pid)))
    # There is nothing left to wait for: it takes note that the process ended, and closes the pipe to it.
    service.stop()


def _with_children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


class WebDriverSession:
    """WebKitGTK on one display; every slot is a browser of its own with an ephemeral profile."""

    def __init__(self, driver: str, browser: str, launch: Launch, environment: dict[str, str]) -> None:
        self._driver = driver
        self._browser = browser
        self._launch = launch
        self._environment = environment
        self._slots: list[WebDriverSlot] = []
        self._starting: set[asyncio.Task[WebDriverSlot]] = set()
        self.version = ""

    async def slot(self) -> WebDriverSlot:
        starting = asyncio.get_running_loop().create_task(self._open_slot(), name="start a WebDriver browser")
        self._starting.add(starting)
        # A browser that is just being started cannot be called off: `close` waits for it and ends it.
        return await asyncio.shield(starting)

    async def _open_slot(self) -> WebDriverSlot:
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="webdriver")
        try:
            slot = await asyncio.get_running_loop().run_in_executor(thread, self._begin, thread)
        except (WebDriverException, HTTPError, OSError, psutil.Error) as error:
            thread.shutdown()
            raise EngineError(f"the browser does not start: {_told(error)}") from error
        self._slots.append(slot)
        self.version = slot.version
        return slot

    def _begin(self, thread: ThreadPoolExecutor) -> WebDriverSlot:
        driver = self._start()
        try:
            return WebDriverSlot(driver, thread)
        except BaseException:
            _kill_service(driver.service)
            raise

    def _start(self) -> Browser:
        service = Service(self._driver, env=self._environment)
        # Ctrl-C at the terminal is for isolab, which then ends its children in order.
        service.popen_kw["start_new_session"] = True
        service.start()
        return Browser(self._options(), service)

    def _options(self) -> Options:
        options = Options()
        options.binary_location = self._browser
        # The WebDriver `proxy` capability speaks TLS to the proxy and loads nothing; the argument works.
        options.add_argument("--automation")
        options.add_argument(f"--proxy=http://127.0.0.1:{self._launch.proxy_port}")
        options.add_argument("--javascript-can-open-windows-automatically=true")
        options.set_capability("acceptInsecureCerts", True)
        # A dialog that nobody answers stops its page, and every command with it.
        options.set_capability("unhandledPromptBehavior", "dismiss")
        options.set_capability("timeouts", {"pageLoad": int(LOAD_S * 1000)})
        return options

    async def alive(self) -> bool:
        return all(slot.alive() for slot in self._slots)

    async def close(self) -> None:
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(slot.end() for slot in self._slots))


@asynccontextmanager
async def start(driver: str, browser: str, launch: Launch) -> AsyncIterator[WebDriverSession]:
    """A session that ends with the block. Raises EngineError."""
    async with AsyncExitStack() as stack:
        display = os.environ.get("DISPLAY") if launch.headed else None
        if display is None:
            display = await stack.enter_async_context(virtual_display())
        environment = {**os.environ, "DISPLAY": display, "NO_AT_BRIDGE": "1"}
        session = WebDriverSession(driver, browser, launch, environment)
        stack.push_async_callback(session.close)
        yield session
