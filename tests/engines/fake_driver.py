"""A WebDriver driver without a browser: selenium's face over made-up windows, and a program that never answers."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

from selenium.common.exceptions import (
    InvalidSessionIdException,
    NoAlertPresentException,
    NoSuchElementException,
    NoSuchWindowException,
    UnexpectedAlertPresentException,
)
from selenium.webdriver.common.timeouts import Timeouts

from isolab.engines.engine import WHICH_DOCUMENT
from isolab.engines.webdriver_slot import WebDriverSlot
from isolab.engines.webkitgtk import Unanswered


class SwitchTo:
    """Selenium's `switch_to`. WebKitGTK never comes to a window with a dialog, and dismisses only where it is."""

    def __init__(self, driver: FakeDriver) -> None:
        self._driver = driver

    def window(self, handle: str) -> None:
        self._driver.check()
        if handle not in self._driver.urls:
            raise NoSuchWindowException(handle)
        if handle in self._driver.asking:
            raise Unanswered("it did not answer")
        self._driver.at = handle

    def new_window(self, kind: str) -> None:
        self._driver.check()
        self._driver.opened.append(kind)
        young = next((handle for handle, url in self._driver.urls.items() if not url), None)
        if young and kind == "window":
            self._driver.at = young
            return
        self._driver.at = f"w{max(int(h[1:]) for h in self._driver.urls) + 1}"
        self._driver.urls[self._driver.at] = "about:blank"

    @property
    def alert(self) -> SwitchTo:
        if self._driver.at not in self._driver.asking:
            raise NoAlertPresentException
        return self

    def dismiss(self) -> None:
        self._driver.asking.remove(self._driver.at)


class FakeDriver:
    """Windows by handle with their URLs; a session ends with its last window, as WebKitGTK's does.

    `documents`: what windows show, by handle; `asking`: windows that show a dialog; `answering`: while it is not set, a
    click is not answered. A window without a URL, such as a popup that is being loaded, is taken for a new one;
    `following`: windows of which one comes whenever another is closed;
    `coming`: what it has the next times that it is looked at; `vanishing`: windows that go away when they are asked
    what document they show.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.service = SimpleNamespace(process=process, stop=process.poll)
        self.urls = {"w0": "about:blank"}
        self.at = "w0"
        self.clicking: Exception | None = None
        self.loading: Exception | None = None
        self.quitting: Exception | None = None
        self.quits = 0
        self.dialogs = 0
        self.opening: Exception | None = None
        self.asked_in: threading.Thread | None = None
        self.capabilities = {"browserVersion": "2.50"}
        self.switch_to = SwitchTo(self)
        self.timeouts = Timeouts()
        self.documents: dict[str, str] = {}
        self.asking: list[str] = []
        self.opened: list[str] = []
        self.coming: list[str] = []
        self.following: list[str] = []
        self.vanishing: list[str] = []
        self.forgotten: list[str] = []
        self.answering = threading.Event()
        self.answering.set()

    def check(self) -> None:
        if not self.urls:
            raise InvalidSessionIdException("no session")

    @property
    def window_handles(self) -> list[str]:
        self.check()
        return list(self.urls)

    @property
    def current_window_handle(self) -> str:
        self.asked_in = threading.current_thread()
        if self.opening:
            raise self.opening
        return self.at

    @property
    def current_url(self) -> str:
        if not self.urls[self.at] and self.coming:
            self.urls[self.at] = self.coming.pop(0)
        return self.urls[self.at]

    def execute_script(self, script: str) -> str | None:
        assert script == f"return {WHICH_DOCUMENT}"
        if self.at in self.vanishing:
            del self.urls[self.at]
            raise NoSuchWindowException("it is gone")
        return self.documents.get(self.at)

    def get(self, url: str) -> None:
        if self.loading:
            raise self.loading
        self.urls[self.at] = url

    def delete_all_cookies(self) -> None:
        self.forgotten.append(self.urls[self.at])

    def find_element(self, _by: str, _selector: str) -> FakeDriver:
        if isinstance(self.clicking, NoSuchElementException):
            raise self.clicking
        return self

    def click(self) -> None:
        while not self.answering.wait(0.01):
            if self.service.process.poll() is not None:
                raise ConnectionResetError("the driver is gone")
        if self.clicking:
            raise self.clicking

    def close(self) -> None:
        if self.dialogs:
            self.dialogs -= 1
            raise UnexpectedAlertPresentException("unexpected alert open", alert_text="Sure?")
        del self.urls[self.at]
        if self.following:
            self.urls[self.following.pop(0)] = "https://late.example/"

    def get_screenshot_as_png(self) -> bytes:
        return self.at.encode()

    def quit(self) -> None:
        self.quits += 1
        if self.quitting:
            raise self.quitting
        self.service.process.terminate()


def in_slot(work: Callable[[WebDriverSlot, FakeDriver], Awaitable[None]]) -> FakeDriver:
    """Run with a slot over a fake driver whose process is a real one, and end it; gives the driver."""

    driver = FakeDriver(subprocess.Popen(["sleep", "60"]))

    async def whole() -> None:
        slot = WebDriverSlot(driver, ThreadPoolExecutor(max_workers=1))  # type: ignore[arg-type]
        try:
            await work(slot, driver)
        finally:
            await slot.end()

    asyncio.run(whole())
    driver.service.process.wait(5)
    return driver


async def listed(slot: WebDriverSlot) -> list[str]:
    return [window.handle for window in await slot.windows()]


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


def mute_driver(folder: Path, *, starts: bool) -> Path:
    """A driver program that answers nothing, or only the command that starts a browser.

    It writes its child's id to `pid` and what it was asked to start to `asked`, both in the folder.
    """
    program = folder / "driver"
    names = {"asked": str(folder / "asked"), "pid": str(folder / "pid")}
    text = textwrap.dedent(DRIVER).format(python=sys.executable, starts=starts, **names)
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    return program
