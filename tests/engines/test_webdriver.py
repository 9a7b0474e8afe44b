from __future__ import annotations

import asyncio
import subprocess
import threading
from pathlib import Path

import psutil
import pytest
from fake_driver import FakeDriver, mute_driver
from selenium.common.exceptions import WebDriverException
from urllib3.exceptions import MaxRetryError

from isolab.engines import webkitgtk
from isolab.engines.engine import EngineError, Launch
from isolab.engines.webdriver import WebDriverSession


def a_session(driver: str = "WebKitWebDriver") -> WebDriverSession:
    return WebDriverSession(driver, "MiniBrowser", Launch(1, "spki"), {"PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize("error", [WebDriverException("no window"), MaxRetryError(None, "/", None)])  # type: ignore[arg-type]
def test_a_browser_that_fails_at_its_first_command_is_ended(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    process = subprocess.Popen(["sleep", "60"])
    driver = FakeDriver(process)
    driver.opening = error
    session = a_session()
    monkeypatch.setattr(session, "_start", lambda: driver)

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
    monkeypatch.setattr(session, "_start", lambda: driver)

    async def whole() -> None:
        await session.slot()
        assert (session.version, await session.alive()) == ("2.50", True)
        await session.close()

    asyncio.run(whole())
    assert driver.asked_in is not threading.main_thread()


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("starts", [False, True])
def test_a_driver_that_is_alive_and_does_not_answer(
    starts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also its children end."""
    monkeypatch.setattr(webkitgtk, "COMMAND_S", 0.5)
    program = mute_driver(tmp_path, starts=starts)
    session = a_session(str(program))

    async def whole() -> None:
        with pytest.raises(EngineError, match=r"did not answer within 0\.5 s"):
            await session.slot()
        await session.close()

    asyncio.run(whole())
    assert not runs(int((tmp_path / "pid").read_text()))
    assert not [one for one in psutil.Process().children() if str(program) in one.cmdline()]
