from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import psutil
import pytest
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    InvalidSessionIdException,
    NoSuchElementException,
    NoSuchWindowException,
    StaleElementReferenceException,
    WebDriverException,
)
from urllib3.exceptions import MaxRetryError

from isolab.engines import webdriver
from isolab.engines.engine import EngineError, Spot, WindowGone
from isolab.engines.webdriver import WebDriverSlot


class FakeDriver:
    """Windows by handle with their URLs; a session ends with its last window, as WebKitGTK's does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.service = SimpleNamespace(process=process)
        self.urls = {"w0": "about:blank"}
        self.at = "w0"
        self.clicking: Exception | None = None
        self.loading: Exception | None = None
        self.quitting: Exception | None = None
        self.switch_to = SimpleNamespace(window=self._window, new_window=self._new_window)

    def _check(self) -> None:
        if not self.urls:
            raise InvalidSessionIdException("no session")

    def _window(self, handle: str) -> None:
        self._check()
        if handle not in self.urls:
            raise NoSuchWindowException(handle)
        self.at = handle

    def _new_window(self, _kind: str) -> None:
        self._check()
        self.at = f"w{max(int(h[1:]) for h in self.urls) + 1}"
        self.urls[self.at] = "about:blank"

    @property
    def window_handles(self) -> list[str]:
        self._check()
        return list(self.urls)

    @property
    def current_window_handle(self) -> str:
        return self.at

    @property
    def current_url(self) -> str:
        return self.urls[self.at]

    def get(self, url: str) -> None:
        if self.loading:
            raise self.loading
        self.urls[self.at] = url

    def implicitly_wait(self, _seconds: float) -> None: ...

    def find_element(self, _by: str, _selector: str) -> FakeDriver:
        if isinstance(self.clicking, NoSuchElementException):
            raise self.clicking
        return self

    def click(self) -> None:
        if self.clicking:
            raise self.clicking

    def close(self) -> None:
        del self.urls[self.at]

    def get_screenshot_as_png(self) -> bytes:
        return self.at.encode()

    def quit(self) -> None:
        if self.quitting:
            raise self.quitting
        self.service.process.terminate()


def in_slot(work: Callable[[WebDriverSlot, FakeDriver], Awaitable[None]]) -> subprocess.Popen[bytes]:
    """Run with a slot over a fake driver whose process is a real one, and end it; gives the process."""

    process = subprocess.Popen(["sleep", "60"])

    async def whole() -> None:
        driver = FakeDriver(process)
        slot = WebDriverSlot(driver, ThreadPoolExecutor(max_workers=1))  # type: ignore[arg-type]
        try:
            await work(slot, driver)
        finally:
            await slot.end()

    asyncio.run(whole())
    process.wait(5)
    return process


async def listed(slot: WebDriverSlot) -> list[str]:
    return [window.handle for window in await slot.windows()]


def test_windows_are_found_by_what_they_show() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://b.example/#x")
        await slot.go("https://b.example/", "https://c.example/")
        assert driver.urls == {"w0": "https://a.example/", "w1": "https://c.example/"}
        assert await listed(slot) == ["w0", "w1"]
        assert await slot.screenshot("w0") == b"w0"
        with pytest.raises(TimeoutError, match="no window shows"):
            await slot.close("https://b.example/")

    in_slot(work)


@pytest.mark.parametrize(
    ("error", "raised", "message"),
    [
        (NoSuchElementException("x"), TimeoutError, "nothing matches #x"),
        (ElementClickInterceptedException("a veil"), TimeoutError, "cannot be clicked: a veil"),
        (StaleElementReferenceException("stale"), TimeoutError, "cannot be clicked: stale"),
        (NoSuchWindowException("x"), WindowGone, "https://a.example/"),
        (InvalidSessionIdException("it crashed"), EngineError, "WebKitWebDriver: .*it crashed"),
        (MaxRetryError(None, "/", None), EngineError, "WebKitWebDriver"),  # type: ignore[arg-type]
        (ConnectionResetError("reset"), EngineError, "WebKitWebDriver: reset"),
    ],
)
def test_how_a_click_may_go_wrong(error: Exception, raised: type[Exception], message: str) -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        driver.clicking = error
        with pytest.raises(raised, match=message):
            await slot.click("https://a.example/", Spot("#x", 3, 4), 0.1)

    in_slot(work)


def test_a_navigation_that_the_engine_complains_of_is_a_note() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        driver.loading = WebDriverException("blocked by COEP")
        await slot.show("https://a.example/")
        await slot.open("https://b.example/")
        assert slot.console() == ("[navigation] blocked by COEP",) * 2

    in_slot(work)


def test_the_only_window_may_be_closed_and_the_next_case_has_one_again() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.close("https://a.example/")
        assert await listed(slot) == []
        await slot.clear()
        assert len(await listed(slot)) == 1
        await slot.show("https://next.example/")
        assert list(driver.urls.values()) == ["https://next.example/"]

    in_slot(work)


def test_clear_leaves_the_home_window_alone_whichever_was_closed() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://b.example/")
        await slot.open("https://c.example/")
        await slot.clear()
        assert driver.urls == {"w0": "https://a.example/"}
        await slot.open("https://b.example/")
        del driver.urls["w0"]  # it closed itself
        await slot.clear()
        assert len(driver.urls) == 1
        await slot.show("https://d.example/")
        assert list(driver.urls.values()) == ["https://d.example/"]

    in_slot(work)


@pytest.mark.parametrize("error", [None, WebDriverException("x"), MaxRetryError(None, "/", None), OSError()])  # type: ignore[arg-type]
def test_the_driver_s_process_ends_whatever_quit_says(error: Exception | None, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(_slot: WebDriverSlot, driver: FakeDriver) -> None:
        driver.quitting = error

    monkeypatch.setattr(webdriver, "STOP_S", 0.2)
    assert in_slot(work).returncode is not None


def test_a_browser_that_outlives_its_driver_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    family = subprocess.Popen(["sh", "-c", "sleep 61 & echo started; wait"], stdout=subprocess.PIPE)
    assert family.stdout is not None
    family.stdout.readline()
    (browser,) = psutil.Process(family.pid).children()

    async def whole() -> None:
        driver = FakeDriver(family)
        slot = WebDriverSlot(driver, ThreadPoolExecutor(max_workers=1))  # type: ignore[arg-type]
        family.kill()
        family.wait()
        driver.quitting = ConnectionRefusedError()
        assert not slot.alive()
        await slot.end()

    monkeypatch.setattr(webdriver, "STOP_S", 0.2)
    asyncio.run(whole())
    family.stdout.close()
    assert not browser.is_running() or browser.status() == psutil.STATUS_ZOMBIE
