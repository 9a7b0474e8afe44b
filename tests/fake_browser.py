"""A browser without a browser: its driver's face over the pages of :mod:`fake_pages`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from fake_pages import FakeDocument, FakeWindow, Ways

from isolab.engines.engine import Engine, EngineError, Launch, Shown, Spot, Window, WindowGone
from isolab.scenario.case import EngineName


class FakeSlot:
    """Implements isolab.engines.engine.Slot."""

    def __init__(self, session: FakeSession) -> None:
        self._session = session
        self.ways = session.ways
        self.http = session.http
        self.proxy = session.proxy
        self._windows: list[FakeWindow] = []
        self.forgotten = 0
        self.minds_accounts = False
        self._asked = 0
        self.crash: Callable[[str], None] | None = None
        self.home = self.window(None)

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        self._session.spawn(work)

    def window(self, opener: FakeDocument | None, name: str = "") -> FakeWindow:
        self._windows.append(FakeWindow(self, opener, name))
        return self._windows[-1]

    def _find(self, shown: Shown) -> FakeWindow:
        self._session.check()
        alike = [window for window in self._windows if window.url == shown.url and not window.closed]
        assert len(alike) < 2 or shown.twins, "a driver would not know which one is meant"
        for window in alike:
            if window.document and window.document.id == shown.document:
                return window
        raise TimeoutError(f"no window shows {shown.url}")

    async def show(self, url: str) -> None:
        self.ways.on_show(url)
        self._session.check()
        self.spawn(self.home.navigate(url))

    async def open(self, url: str) -> None:
        self._session.check()
        self.spawn(self.window(None).navigate(url))

    async def windows(self) -> Sequence[Window]:
        self._session.check()
        lingering = self.ways.lingers > 0 and any(window.closed for window in self._windows)
        self.ways.lingers -= lingering
        found = [Window(str(n), w.url) for n, w in enumerate(self._windows) if lingering or not w.closed]
        if self._asked < self.ways.lag:
            return found[:1]
        if self.ways.lies < 0:
            return found[: self.ways.lies]
        return found + [Window("lie", "https://lie.example/")] * self.ways.lies

    def knows_of(self, count: int) -> bool:
        self._asked += 1
        return count <= 1 or (self._asked > self.ways.lag and len(self._windows) >= count)

    def on_crash(self, listener: Callable[[str], None] | None) -> None:
        self.crash = listener

    async def click(self, shown: Shown, spot: Spot, timeout_s: float) -> None:
        window = self._find(shown)
        if window.document is None:
            raise TimeoutError("the window shows nothing")
        self.ways.clicked += 1
        if self.ways.drops > 0:
            self.ways.drops -= 1
            raise WindowGone(shown.url)
        await window.document.tell("clicked")
        await self.ways.clicks[spot.selector](window.document)
        if window.closed:
            raise WindowGone(shown.url)

    async def go(self, shown: Shown, to: str, timeout_s: float) -> None:
        assert timeout_s > 0
        self.spawn(self._find(shown).navigate(to))

    async def close(self, shown: Shown, timeout_s: float) -> None:
        assert timeout_s > 0
        await self._find(shown).close()

    async def mind_accounts(self) -> None:
        self._session.check()
        assert self.home.url == "about:blank", "a page that asks at once has asked already"
        self.minds_accounts = True

    async def choose(self, shown: Shown, account: str | None, timeout_s: float) -> None:
        assert timeout_s > 0
        self._find(shown)
        if not self.minds_accounts or account == "nobody":
            raise TimeoutError("the browser has not asked who signs in")
        if account == "crash" and self.crash:
            self.crash(shown.url)
            await asyncio.Event().wait()
        self.ways.chosen.append(account)

    async def forget(self) -> None:
        self._session.check()
        self.forgotten += 1

    async def clear(self) -> None:
        self._session.check()
        self.ways.on_clear()
        for window in self._windows:
            if window is not self.home:
                await window.close()
        self._windows = [self.home]
        self._asked = 0

    async def screenshot(self, handle: str) -> bytes:
        if handle == "lie":
            raise EngineError("there is no such window")
        return b"\x89PNG " + handle.encode()

    def console(self) -> Sequence[str]:
        return ("[log] hello",)


class FakeSession:
    """Implements isolab.engines.engine.Session."""

    version = "9.8"

    def __init__(self, launch: Launch, ways: Ways) -> None:
        self.launch = launch
        self.proxy = f"http://127.0.0.1:{launch.proxy_port}"
        self.ways = ways
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self.slots: list[FakeSlot] = []
        self._dead = False
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)

    async def slot(self) -> FakeSlot:
        self.check()
        self.slots.append(FakeSlot(self))
        return self.slots[-1]

    async def alive(self) -> bool:
        return not self._dead

    def die(self) -> None:
        """End at once, as a process that is killed."""
        self._dead = True
        for task in self._tasks:
            task.cancel()

    def check(self) -> None:
        if self._dead:
            raise EngineError("the browser is gone")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.http.close()
        bad = [e for e in ends if isinstance(e, Exception) and not (self._dead and isinstance(e, aiohttp.ClientError))]
        assert not bad, bad


@dataclass
class FakeEngine:
    """`failures`: what the first starts end with; `sessions`: every session that was started."""

    ways: Ways = field(default_factory=Ways)
    name: EngineName = "chromium"
    failures: list[EngineError] = field(default_factory=list)
    sessions: list[FakeSession] = field(default_factory=list)
    starts: int = 0
    closed: int = 0

    @property
    def engine(self) -> Engine:
        return Engine(self.name, "9", "playwright", "/opt/fake", True, "made up", self._start)

    @asynccontextmanager
    async def _start(self, launch: Launch) -> AsyncIterator[FakeSession]:
        self.starts += 1
        if self.failures:
            raise self.failures.pop(0)
        session = FakeSession(launch, self.ways)
        self.sessions.append(session)
        try:
            yield session
        finally:
            self.closed += 1
            await session.close()
