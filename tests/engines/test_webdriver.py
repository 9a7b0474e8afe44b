from __future__ import annotations

import asyncio
import signal
import subprocess
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from fake_driver import FakeDriver, mute_driver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.webkitgtk.service import Service
from started_processes import lives_at, words
from urllib3.exceptions import MaxRetryError

from isolab.engines import webdriver, webkitgtk
from isolab.engines.engine import EngineError, Launch, Shown, Spot
from isolab.engines.webdriver import WebDriverSession
from isolab.waiting import Deadline, poll

PAINTING = "WEBKIT_SKIA_ENABLE_CPU_RENDERING"


def a_session(driver: str = "WebKitWebDriver") -> WebDriverSession:
    return WebDriverSession(driver, "MiniBrowser", Launch(1, "spki"), {"PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize(
    ("headed", "own", "painting"),
    [(False, None, "1"), (True, None, None), (False, "0", "0")],
)
def test_only_what_nobody_sees_is_painted_on_the_processor(
    headed: bool, own: str | None, painting: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def display() -> AsyncIterator[str]:
        yield ":99"

    environments: list[dict[str, str]] = []

    class Session(WebDriverSession):
        def __init__(self, driver: str, browser: str, launch: Launch, environment: dict[str, str]) -> None:
            super().__init__(driver, browser, launch, environment)
            environments.append(environment)

    async def whole() -> None:
        async with webdriver.start("WebKitWebDriver", "MiniBrowser", Launch(1, "spki", headed=headed)):
            pass

    monkeypatch.setattr(webdriver, "virtual_display", display)
    monkeypatch.setattr(webdriver, "WebDriverSession", Session)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv(PAINTING, raising=False)
    if own is not None:
        monkeypatch.setenv(PAINTING, own)
    asyncio.run(whole())
    (environment,) = environments
    assert environment.get(PAINTING) == painting
    assert environment["DISPLAY"] == (":0" if headed else ":99")


@pytest.mark.parametrize("error", [WebDriverException("no window"), MaxRetryError(None, "/", None)])  # type: ignore[arg-type]
def test_a_browser_that_fails_at_its_first_command_is_ended(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    process = subprocess.Popen(["sleep", "60"])
    driver = FakeDriver(process)
    driver.opening = error
    session = a_session()

    def start(service: Service) -> FakeDriver:
        service.process = process
        return driver

    monkeypatch.setattr(session, "_start", start)

    async def whole() -> None:
        with pytest.raises(EngineError, match="the browser does not start"):
            await session.slot()
        await session.close()

    asyncio.run(whole())
    assert driver.asked_in is not threading.main_thread()
    assert process.wait(5) is not None


def test_a_session_knows_the_running_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = FakeDriver(subprocess.Popen(["sleep", "60"]))
    session = a_session()
    monkeypatch.setattr(session, "_start", lambda _service: driver)

    async def whole() -> None:
        await session.slot()
        assert (session.version, await session.alive()) == ("2.50", True)
        await session.close()

    asyncio.run(whole())
    assert driver.asked_in is not threading.main_thread()


@pytest.mark.parametrize("starts", [False, True])
def test_a_driver_that_is_alive_and_does_not_answer(
    starts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also its children end."""
    monkeypatch.setattr(webkitgtk, "COMMAND_S", 0.5)
    program = mute_driver(tmp_path, starts=starts)
    session = a_session(str(program))

    async def whole() -> None:
        with pytest.raises(EngineError, match=r"did not answer `\w+` within 0\.5 s"):
            await session.slot()
        await session.close()

    asyncio.run(whole())
    assert not lives_at(int((tmp_path / "pid").read_text()))
    assert not [one for one in psutil.Process().children() if str(program) in words(one)]


@pytest.mark.parametrize("starts", [False, True])
def test_the_end_waits_for_no_browser_that_is_just_being_started(starts: bool, tmp_path: Path) -> None:
    session = a_session(str(mute_driver(tmp_path, starts=starts)))
    asked = tmp_path / ("asked" if starts else "pid")

    async def until_asked() -> bool | None:
        return (asked.is_file() and bool(asked.read_text())) or None

    async def whole() -> float:
        starting = asyncio.create_task(session.slot())
        with Deadline(10) as deadline:
            await poll(until_asked, deadline)
        starting.cancel()
        began = time.monotonic()
        await session.close()
        return time.monotonic() - began

    assert asyncio.run(whole()) < 8
    assert not lives_at(int((tmp_path / "pid").read_text()))


def test_a_session_that_is_over_starts_no_browser(tmp_path: Path) -> None:
    session = a_session(str(mute_driver(tmp_path, starts=True)))

    async def whole() -> None:
        await session.close()
        with pytest.raises(EngineError, match="the run is over"):
            await session.slot()

    asyncio.run(whole())
    assert not (tmp_path / "asked").exists()


def test_the_end_waits_for_no_command_that_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after Ctrl-C in the middle of a click that the driver does not answer."""
    process = subprocess.Popen(["sleep", "60"])
    driver = FakeDriver(process)
    driver.answering.clear()
    session = a_session()
    monkeypatch.setattr(session, "_start", lambda _service: driver)

    async def whole() -> float:
        slot = await session.slot()
        await slot.show("https://a.example/")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await slot.click(Shown("https://a.example/", "g1-1"), Spot("#x", 3, 4), 60)
        began = time.monotonic()
        await session.close()
        return time.monotonic() - began

    assert asyncio.run(whole()) < 3
    assert process.wait(5) == -signal.SIGKILL
