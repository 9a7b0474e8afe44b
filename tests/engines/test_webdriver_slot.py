from __future__ import annotations

import asyncio
import signal
import subprocess
import time
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
from started_processes import lives
from urllib3.exceptions import MaxRetryError

from isolab.engines import processes, webdriver_slot
from isolab.engines.engine import EngineError, Shown, Spot, WindowGone
from isolab.engines.webdriver_slot import WebDriverSlot
from isolab.engines.webkitgtk import COMMAND_S, LOAD_S, Unanswered


def shown(url: str, document: str = "g1-1", *, twins: bool = False) -> Shown:
    return Shown(url, document, twins)


def test_windows_are_found_by_what_they_show() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://b.example/#x")
        await slot.go(shown("https://b.example/"), "https://c.example/", 1)
        assert driver.urls == {"w0": "https://a.example/", "w1": "https://c.example/"}
        assert await listed(slot) == ["w0", "w1"]
        assert await slot.screenshot("w0") == b"w0"
        with pytest.raises(TimeoutError, match="no window shows"):
            await slot.close(shown("https://b.example/"), 1)

    in_slot(work)


@pytest.mark.parametrize(
    ("error", "raised", "message"),
    [
        (NoSuchElementException("x"), TimeoutError, "nothing matches #x"),
        (ElementClickInterceptedException("a veil"), TimeoutError, "cannot be clicked: a veil"),
        (StaleElementReferenceException("stale"), TimeoutError, "cannot be clicked: stale"),
        (TimeoutException("it loads for ever"), TimeoutError, "cannot be clicked: it loads for ever"),
        (UnexpectedAlertPresentException("x", alert_text="Hi"), TimeoutError, "a dialog .* was dismissed: Hi"),
        (Unanswered("no answer within 120 s"), EngineError, r"WebKitWebDriver: no answer within 120 s"),
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
            await slot.click(shown("https://a.example/"), Spot("#x", 3, 4), 30)

    in_slot(work)


@pytest.mark.parametrize("do", ["go", "close"])
def test_a_window_that_goes_away_while_it_is_looked_for_is_a_note(do: str) -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://b.example/")
        driver.vanishing = ["w1"]
        gone = shown("https://b.example/")
        await (slot.go(gone, "https://c.example/", 1) if do == "go" else slot.close(gone, 1))
        assert slot.console() == ("[window gone] w1",)
        assert driver.urls == {"w0": "https://a.example/"}

    in_slot(work)


def test_a_navigation_that_the_engine_complains_of_is_a_note() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        driver.loading = WebDriverException("blocked by COEP")
        await slot.show("https://a.example/")
        await slot.open("https://b.example/")
        assert slot.console() == ("[navigation] blocked by COEP",) * 2

    in_slot(work)


@pytest.mark.parametrize("many", [2, 50])
def test_windows_that_come_while_others_are_closed_are_closed_as_well_unless_that_never_ends(many: int) -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.open("https://b.example/")
        driver.following = [f"w{n + 10}" for n in range(many)]
        await slot.clear()
        assert (await listed(slot) == ["w0"]) is (many == 2)
        assert driver.at == "w0"

    in_slot(work)


def test_the_only_window_may_be_closed_and_the_next_case_has_one_again() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.close(shown("https://a.example/"), 1)
        assert await listed(slot) == []
        await slot.clear()
        assert len(await listed(slot)) == 1
        await slot.show("https://next.example/")
        assert list(driver.urls.values()) == ["https://next.example/"]

    in_slot(work)


def test_what_a_case_may_have_left_is_left_and_forgotten() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://b.example/")
        await slot.forget()
        assert driver.forgotten == ["https://a.example/"]
        assert list(driver.urls.values()) == ["about:blank", "https://b.example/"]
        del driver.urls["w0"]  # it closed itself
        await slot.forget()
        assert driver.forgotten == ["https://a.example/"]

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

    monkeypatch.setattr(processes, "STOP_S", 0.2)
    assert in_slot(work).quits == 1


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

    monkeypatch.setattr(processes, "STOP_S", 0.2)
    asyncio.run(whole())
    family.stdout.close()
    assert not lives(browser)


def test_a_dialog_in_the_way_of_closing_is_no_loss_and_one_without_end_is() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://b.example/")
        driver.dialogs = 2
        await slot.clear()
        assert await listed(slot) == ["w0"]
        driver.dialogs = 1
        with pytest.raises(TimeoutError, match="Sure"):
            await slot.close(shown("https://a.example/"), 1)
        await slot.open("https://b.example/")
        driver.dialogs = 1000
        with pytest.raises(EngineError, match="Sure"):
            await slot.clear()

    in_slot(work)


def test_a_driver_that_did_not_answer_is_not_asked_to_quit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        driver.clicking = Unanswered("no answer")
        driver.quitting = AssertionError("asked to quit")
        with pytest.raises(EngineError):
            await slot.click(shown("https://a.example/"), Spot("#x", 3, 4), 30)

    monkeypatch.setattr(processes, "STOP_S", 0.2)
    assert in_slot(work).quits == 0


def test_a_click_that_is_not_answered_ends_with_its_time_and_once_it_is_the_slot_goes_on() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        driver.answering.clear()
        with pytest.raises(TimeoutError):
            await slot.click(shown("https://a.example/"), Spot("#x", 3, 4), 0.1)
        listing = asyncio.create_task(listed(slot))
        driver.answering.set()
        assert await listing == ["w0"]

    assert in_slot(work).quits == 1


def test_a_driver_that_never_answers_a_click_is_lost_and_killed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    took = 0.0

    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        nonlocal took
        await slot.show("https://a.example/")
        driver.answering.clear()
        with pytest.raises(TimeoutError):
            await slot.click(shown("https://a.example/"), Spot("#x", 3, 4), 0.1)
        with pytest.raises(EngineError, match="a command has not ended"):
            await slot.windows()
        took = time.monotonic()

    monkeypatch.setattr(webdriver_slot, "REST_S", 0.2)
    driver = in_slot(work)
    assert (driver.quits, driver.service.process.returncode) == (0, -signal.SIGKILL)
    assert time.monotonic() - took < 3


def test_the_driver_waits_no_longer_than_a_click_may_take_and_for_a_page_as_long_as_ever() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.click(shown("https://a.example/"), Spot("#x", 3, 4), 7)
        assert (driver.timeouts.implicit_wait, driver.timeouts.page_load) == (7, 7)
        await slot.go(shown("https://a.example/"), "https://b.example/", 1)
        assert driver.timeouts.page_load == LOAD_S
        await slot.click(shown("https://b.example/"), Spot("#x", 3, 4), 900)
        assert driver.timeouts.implicit_wait + driver.timeouts.page_load < COMMAND_S

    in_slot(work)


def test_a_dialog_of_the_window_at_hand_keeps_the_driver_from_no_other() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        driver.asking = ["w0"]
        await slot.click(shown("https://a.example/"), Spot("#x", 3, 4), 1)
        await slot.open("https://b.example/")
        driver.asking = ["w1", "w1"]
        await slot.clear()
        assert await listed(slot) == ["w0"]
        await slot.open("https://b.example/")
        driver.asking = ["w0"]
        with pytest.raises(EngineError, match="did not answer"):
            await slot.clear()

    in_slot(work)


@pytest.mark.parametrize("meant", ["w0", "w1", "w2"])
def test_of_windows_with_the_same_url_the_one_with_the_document_is_closed(meant: str) -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://a.example/#x")
        await slot.open("https://a.example/")
        driver.documents = {"w0": "g1-0", "w1": "g1-1", "w2": "g1-2"}
        await slot.close(shown("https://a.example/", f"g1-{meant[1]}", twins=True), 1)
        assert set(await listed(slot)) == {"w0", "w1", "w2"} - {meant}

    in_slot(work)


def test_a_page_that_no_longer_has_its_probe_is_found_by_its_url_unless_that_could_be_another() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        await slot.show("https://a.example/")
        await slot.open("https://b.example/")
        await slot.go(shown("https://a.example/"), "https://c.example/", 1)
        assert driver.urls == {"w0": "https://c.example/", "w1": "https://b.example/"}
        driver.documents = {"w0": "g1-5"}
        with pytest.raises(TimeoutError, match=r"no window shows https://c\.example/"):
            await slot.go(shown("https://c.example/", twins=True), "https://d.example/", 1)

    in_slot(work)
