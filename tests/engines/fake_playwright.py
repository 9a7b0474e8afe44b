"""As much of Playwright's browser, context and page as a slot asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from playwright.async_api import Error


class FakePage:
    """A page that does what the test says; `fails` is what every command ends with."""

    def __init__(self, context: FakeContext, url: str = "about:blank") -> None:
        self.context, self.url = context, url
        self.fails: str | None = None
        self.closed = False
        self.vanishes = False
        self.may_close = asyncio.Event()
        self.may_close.set()
        self.listeners: dict[str, Callable[[Any], None]] = {}
        self.commands: list[str] = []

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        self.listeners[event] = listener

    def crash(self) -> None:
        """From now on it does nothing but close."""
        self.fails = "Page crashed"
        self.listeners["crash"](self)

    def is_closed(self) -> bool:
        return self.closed

    def do(self) -> None:
        self.closed = self.closed or self.vanishes
        if self.context.driver_died:
            raise Exception("Browser.close: Connection closed while reading from the driver")  # noqa: TRY002
        if self.fails:
            raise Error(f"{self.fails}\nCall log: ...")

    async def goto(self, url: str, **_: object) -> None:
        self.do()
        self.url = url

    @property
    def mouse(self) -> FakePage:
        return self

    async def click(self, x: float, y: float) -> None:
        assert (x, y) == (3, 4)
        self.do()

    async def close(self) -> None:
        await self.may_close.wait()
        self.closed = True
        self.do()

    async def evaluate(self, _script: str) -> None:
        self.do()

    async def screenshot(self, **_: object) -> bytes:
        self.do()
        return self.url.encode()


class FakeContext:
    def __init__(self) -> None:
        self.connected = True
        self.browser_type = SimpleNamespace(name="firefox")
        self.driver_died = False
        self.pages: list[FakePage] = []
        self.cookies_dropped = 0
        self.listeners: dict[str, Callable[[Any], None]] = {}
        self.fails = False
        self.may_open = asyncio.Event()
        self.may_open.set()

    @property
    def browser(self) -> FakeContext:
        return self

    def is_connected(self) -> bool:
        return self.connected

    version = "1.0"
    ended = False

    async def new_context(self, **_: object) -> FakeContext:
        return self

    async def close(self) -> None:
        self.ended = True

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        self.listeners[event] = listener

    async def new_cdp_session(self, page: FakePage) -> FakeSession:
        return FakeSession(page)

    async def clear_cookies(self) -> None:
        self.cookies_dropped += 1

    async def new_page(self) -> FakePage:
        if self.fails:
            raise Error("Target closed")
        await self.may_open.wait()
        page = FakePage(self)
        self.pages.append(page)
        if "page" in self.listeners:
            self.listeners["page"](page)
        return page


class FakeSession:
    """A DevTools session: what is sent over it is put on the page's list."""

    def __init__(self, page: FakePage) -> None:
        self.page = page

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        self.page.listeners[event] = listener

    async def send(self, command: str, *_: object) -> None:
        self.page.do()
        self.page.commands.append(command)

    async def detach(self) -> None:
        self.page.commands.append("detach")
