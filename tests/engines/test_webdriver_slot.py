from __future__ import annotations

import asyncio
import subprocess
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from fake_driver import FakeDriver, in_slot, listed
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    InvalidSessionIdException,
    NoSuchElementException,
    NoSuchWindowException,
    StaleElementReferenceException,
    TimeoutException,
    UnexpectedAlertPresentException,
    WebDriverException,
)
from urllib3.exceptions import MaxRetryError, ReadTimeoutError

from isolab.engines import webdriver_slot
from isolab.engines.engine import EngineError, Spot, WindowGone
from isolab.engines.webdriver_slot import WebDriverSlot


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
        (TimeoutException("it loads for ever"), TimeoutError, "cannot be clicked: it loads for ever"),
        (UnexpectedAlertPresentException("x", alert_text="Hi"), TimeoutError, "a dialog .* was dismissed: Hi"),
        (ReadTimeoutError(None, "/", None), EngineError, r"WebKitWebDriver did not answer within 120 s"),  # type: ignore[arg-type]
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

    monkeypatch.setattr(webdriver_slot, "QUIT_S", 0.2)
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

    monkeypatch.setattr(webdriver_slot, "QUIT_S", 0.2)
    asyncio.run(whole())
    family.stdout.close()
    assert not browser.is_running() or browser.status() == psutil.STATUS_ZOMBIE


def test_a_dialog_in_the_way_of_closing_is_no_loss_and_one_without_end_is() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://b.example/")
        driver.dialogs = 2
        await slot.clear()
        assert await listed(slot) == ["w0"]
        driver.dialogs = 1
        with pytest.raises(TimeoutError, match="Sure"):
            await slot.close("https://a.example/")
        await slot.open("https://b.example/")
        driver.dialogs = 1000
        with pytest.raises(EngineError, match="Sure"):
            await slot.clear()

    in_slot(work)


def test_a_driver_that_did_not_answer_is_not_asked_to_quit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        driver.clicking = ReadTimeoutError(None, "/", None)  # type: ignore[arg-type]
        driver.quitting = AssertionError("asked to quit")
        with pytest.raises(EngineError):
            await slot.click("https://a.example/", Spot("#x", 3, 4), 0.1)

    monkeypatch.setattr(webdriver_slot, "QUIT_S", 0.2)
    assert in_slot(work).returncode is not None
