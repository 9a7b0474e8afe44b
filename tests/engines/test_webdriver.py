from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
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

from isolab.engines import webdriver
from isolab.engines.engine import EngineError, Launch, Spot, WindowGone
from isolab.engines.webdriver import WebDriverSession, WebDriverSlot


class FakeDriver:
    """Windows by handle with their URLs; a session ends with its last window, as WebKitGTK's does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.service = SimpleNamespace(process=process, stop=process.poll)
        self.urls = {"w0": "about:blank"}
        self.at = "w0"
        self.clicking: Exception | None = None
        self.loading: Exception | None = None
        self.quitting: Exception | None = None
        self.dialogs = 0
        self.opening: Exception | None = None
        self.asked_in: threading.Thread | None = None
        self.capabilities = {"browserVersion": "2.50"}
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
        self.asked_in = threading.current_thread()
        if self.opening:
            raise self.opening
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
        if self.dialogs:
            self.dialogs -= 1
            raise UnexpectedAlertPresentException("unexpected alert open", alert_text="Sure?")
        del self.urls[self.at]

    def answer_within(self, _limit_s: float) -> None: ...

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

    monkeypatch.setattr(webdriver, "STOP_S", 0.2)
    assert in_slot(work).returncode is not None


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


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


CAPABILITIES = {
    "acceptInsecureCerts",
    "browserName",
    "pageLoadStrategy",
    "timeouts",
    "unhandledPromptBehavior",
    "webkitgtk:browserOptions",
}
"""What WebKitWebDriver knows; it refuses to start a browser for others."""

DRIVER = """\
    #!{python}
    import json, subprocess, sys
    from http.server import BaseHTTPRequestHandler, HTTPServer

    browser = subprocess.Popen(["sleep", "60"])
    open({pid!r}, "w").write(str(browser.pid))

    class Driver(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path != "/status":
                return self.hang()
            self.answer({{"ready": True}})

        def do_POST(self):
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            if {starts}:
                open({asked!r}, "wb").write(sent)
                self.answer({{"sessionId": "s", "capabilities": {{}}}})
            else:
                self.hang()

        def answer(self, value):
            answer = json.dumps({{"value": value}}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def hang(self):
            import threading
            threading.Event().wait()

        def log_message(self, *_):
            pass

    HTTPServer(("127.0.0.1", int(sys.argv[-1])), Driver).serve_forever()
"""


@pytest.mark.parametrize("starts", [False, True])
def test_a_driver_that_is_alive_and_does_not_answer(
    starts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also its children end. What is asked of a browser at its start: dismiss dialogs, give up a page in time."""
    asked, pid, program = tmp_path / "asked", tmp_path / "pid", tmp_path / "driver"
    text = textwrap.dedent(DRIVER).format(python=sys.executable, starts=starts, asked=str(asked), pid=str(pid))
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(webdriver, "COMMAND_S", 0.5)
    monkeypatch.setattr(webdriver, "STOP_S", 0.5)
    session = a_session(str(program))

    async def whole() -> None:
        with pytest.raises(EngineError, match=r"did not answer within 0\.5 s"):
            await session.slot()
        await session.close()

    asyncio.run(whole())
    assert not _runs(int(pid.read_text()))
    assert not [one for one in psutil.Process().children() if str(program) in one.cmdline()]
    if starts:
        capabilities = json.loads(asked.read_text())["capabilities"]["alwaysMatch"]
        assert capabilities["unhandledPromptBehavior"] == "dismiss"
        assert set(capabilities) <= CAPABILITIES
        assert capabilities["timeouts"]["pageLoad"] < 120_000
