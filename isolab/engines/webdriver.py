"""The W3C WebDriver driver: WebKitGTK's MiniBrowser through WebKitWebDriver, on an Xvfb of isolab's own.

One driver process and one browser per slot, because a WebDriver session answers one command at a time.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager

import psutil
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.webkitgtk.service import Service
from urllib3.exceptions import HTTPError

from isolab.engines.engine import EngineError, Launch
from isolab.engines.webdriver_slot import WebDriverSlot
from isolab.engines.webkitgtk import PAINTED_ON_CPU, Browser, end_driver, new_options, new_service, told
from isolab.engines.xvfb import virtual_display


class WebDriverSession:
    """WebKitGTK on one display; every slot is a browser of its own with an ephemeral profile."""

    def __init__(self, driver: str, browser: str, launch: Launch, environment: dict[str, str]) -> None:
        self._driver = driver
        self._browser = browser
        self._launch = launch
        self._environment = environment
        self._slots: list[WebDriverSlot] = []
        self._starting: set[asyncio.Task[WebDriverSlot]] = set()
        self._beginning: set[Service] = set()
        self._closing = False
        self.version = ""

    async def slot(self) -> WebDriverSlot:
        starting = asyncio.get_running_loop().create_task(self._open_slot(), name="start a WebDriver browser")
        self._starting.add(starting)
        # A browser that is just being started cannot be called off: `close` ends it and waits for that.
        return await asyncio.shield(starting)

    async def _open_slot(self) -> WebDriverSlot:
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="webdriver")
        try:
            slot = await asyncio.get_running_loop().run_in_executor(thread, self._begin, thread)
        except (WebDriverException, HTTPError, OSError, psutil.Error) as error:
            thread.shutdown()
            raise EngineError(f"the browser does not start: {told(error)}") from error
        self._slots.append(slot)
        self.version = slot.version
        return slot

    def _begin(self, thread: ThreadPoolExecutor) -> WebDriverSlot:
        service = new_service(self._driver, self._environment)
        self._beginning.add(service)
        try:
            return WebDriverSlot(self._start(service), thread)
        except BaseException:
            end_driver(service)
            raise
        finally:
            self._beginning.discard(service)

    def _start(self, service: Service) -> Browser:
        service.start()
        if self._closing:
            raise OSError("the run is over")
        return Browser(new_options(self._browser, self._launch.proxy_port), service)

    async def alive(self) -> bool:
        return all(slot.alive() for slot in self._slots)

    async def close(self) -> None:
        self._closing = True
        await asyncio.to_thread(self._end_beginning)
        await asyncio.gather(*self._starting, return_exceptions=True)
        # All are waited for, whatever becomes of one: the screen that they stand on goes next.
        ended = await asyncio.gather(*(slot.end() for slot in self._slots), return_exceptions=True)
        for error in filter(None, ended):
            raise error

    def _end_beginning(self) -> None:
        for service in tuple(self._beginning):
            end_driver(service)


@asynccontextmanager
async def start(driver: str, browser: str, launch: Launch) -> AsyncIterator[WebDriverSession]:
    """A session that ends with the block. Raises EngineError."""
    async with AsyncExitStack() as stack:
        environment = {**os.environ, "NO_AT_BRIDGE": "1"}
        if not launch.headed:
            display = await stack.enter_async_context(virtual_display())
            environment = {**PAINTED_ON_CPU, **environment, "DISPLAY": display, "GDK_BACKEND": "x11"}
        session = WebDriverSession(driver, browser, launch, environment)
        stack.push_async_callback(session.close)
        yield session
