"""A page as a browser would have it: fetched through the lab's port, its probe played in Python.

The group switch is kept small: a window's opener link ends where the COOP values differ (no redirect, no allow-popups).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urljoin

import aiohttp

_CONFIG = re.compile(r"isolabWindow\((\{.*\})\);")
COOP = "Cross-Origin-Opener-Policy"
COEP = "Cross-Origin-Embedder-Policy"


@dataclass
class Ways:
    """What this browser does otherwise than it should.

    `mute`: pages whose probe never reports; `loses`: pages whose probe does not the next time that they are shown;
    `abrupt`: pages that go on to the page `next` without a word when they are asked whether they have settled;
    `dying`: pages of windows that close only when the page is asked something, which ends it without a word, each with
    the command of which it dies;
    `deaf`: pages whose opener never hears them; `lies`: so many windows more (or fewer, below 0) are listed by the
    driver than there are; `lag`: how often the driver must be asked before it knows of any but the slot's own window;
    `lingers`: how often the driver still lists a window that is closed;
    `drops`: so many clicks get lost, because the window is taken away before its page has them; `clicked`: how often
    the driver was told to click;
    `clicks`: what the page's own script does on a click, by selector; `chosen`: the accounts that were chosen, and
    where that is `crash`, the page crashes instead.
    """

    severs: bool = True
    keeps: bool = True
    isolates: bool = True
    mute: frozenset[str] = frozenset()
    abrupt: frozenset[str] = frozenset()
    dying: dict[str, str] = field(default_factory=dict)
    loses: list[str] = field(default_factory=list)
    deaf: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    lies: int = 0
    lag: int = 0
    lingers: int = 0
    drops: int = 0
    clicked: int = 0
    clicks: dict[str, Callable[[FakeDocument], Coroutine[object, object, None]]] = field(default_factory=dict)
    chosen: list[str | None] = field(default_factory=list)
    on_clear: Callable[[], None] = lambda: None
    on_show: Callable[[str], None] = lambda _url: None


async def _closes_unheard(document: FakeDocument) -> None:
    window = document.handles[0]
    assert window.document
    window.document.gone = window.closed = True
    await document.tell("handle", n=0, closed=True)
    await document.say("signed-in")


async def closes_later(document: FakeDocument) -> None:
    """On a click: half a second later a page closes the window that it opened, which ends mute, and is signed in."""
    home = document.window.home
    asyncio.get_running_loop().call_later(0.5, lambda: home.spawn(_closes_unheard(document)))


class Home(Protocol):
    """What a page needs of the browser around it."""

    ways: Ways
    http: aiohttp.ClientSession
    proxy: str

    crash: Callable[[str], None] | None

    def spawn(self, work: Coroutine[object, object, None]) -> None: ...

    def window(self, opener: FakeDocument | None, name: str = "") -> FakeWindow: ...


class FakeWindow:
    """A top-level window: `opener` is the document that opened it, as long as the link lives."""

    def __init__(self, home: Home, opener: FakeDocument | None, name: str = "") -> None:
        self.home = home
        self.opener = opener
        self.name = name
        self.severed = False
        self.closed = False
        self.document: FakeDocument | None = None
        self.policy = opener.policy if opener else ""
        self._navigations = 0

    @property
    def url(self) -> str:
        return self.document.url if self.document else "about:blank"

    @property
    def link(self) -> FakeDocument | None:
        """The opener, where this window may still reach it."""
        return None if self.severed else self.opener

    async def navigate(self, url: str) -> None:
        """Load a document; follows redirects. A later navigation takes its place."""
        self._navigations += 1
        mine = self._navigations
        while True:
            asked = {"Upgrade-Insecure-Requests": "1"}
            if url.startswith("https:"):
                asked["Sec-Fetch-Dest"] = "document"
            get = self.home.http.get(url, headers=asked, proxy=self.home.proxy, ssl=False, allow_redirects=False)
            async with get as answer:
                text = await answer.text()
            if not 300 <= answer.status < 400:
                break
            url = urljoin(url, answer.headers["Location"])
        config = _CONFIG.search(text)
        if config is None or self.closed or mine != self._navigations:
            return
        if self.document:
            await self.document.leave()
        self.document = FakeDocument(self, url, json.loads(config.group(1)), answer.headers)
        self._switch(self.document.policy)
        await self.document.live()

    def _switch(self, policy: str) -> None:
        if self.opener and ((self.home.ways.severs and policy != self.policy) or not self.home.ways.keeps):
            self.severed = True
        self.policy = policy

    async def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        if self.document:
            await self.document.leave()
        if self.opener and self in self.opener.handles:
            # Nobody may listen any more, since the stage is gone.
            with suppress(aiohttp.ClientError):
                await self.opener.tell("handle", n=self.opener.handles.index(self), closed=True)


class FakeDocument:
    """A document and its probe."""

    def __init__(self, window: FakeWindow, url: str, config: dict[str, Any], headers: Any) -> None:
        self.window = window
        self.url = url
        self.config = config
        self.policy = str(headers.get(COOP, ""))
        self.isolated = window.home.ways.isolates and (self.policy, headers.get(COEP)) == (
            "same-origin",
            "require-corp",
        )
        self.handles: list[FakeWindow] = []
        self.opens = 0
        self.got = 0
        self.gone = False

    @property
    def id(self) -> str:
        return str(self.config["doc"])

    async def _post(self, events: list[list[object]], hold: bool = False) -> list[dict[str, Any]]:
        body = json.dumps({"doc": self.id, "events": events, "hold": hold, "got": self.got})
        home = self.window.home
        target = urljoin(self.url, "/.isolab/exchange")
        async with home.http.post(target, data=body, proxy=home.proxy, ssl=False) as answer:
            if answer.status == HTTPStatus.MISDIRECTED_REQUEST:
                # Its case is over: cancelled while this page was still on its way.
                self.gone = True
                return []
            said = await answer.json()
        self.got = said.get("got", self.got)
        return list(said.get("commands", ()))

    async def tell(self, word: str, **data: object) -> None:
        """Report something at once."""
        if self.config["page"] not in self.window.home.ways.mute:
            await self._post([[word, data]])

    async def say(self, key: str, value: object = True) -> None:
        await self.tell("says", key=key, value=value)

    async def leave(self) -> None:
        if not self.gone:
            self.gone = True
            # Last words: nobody may listen any more, since the stage is gone.
            with suppress(aiohttp.ClientError):
                await self.tell("leave")

    async def live(self) -> None:
        """Report, prove the link, then do what is asked as long as the document shows."""
        ways = self.window.home.ways
        if self.config["page"] in ways.loses:
            ways.loses.remove(self.config["page"])
            return
        if self.config["page"] in ways.mute:
            return
        link = self.window.link
        if self.window.opener and link is None and self.window in self.window.opener.handles:
            n = self.window.opener.handles.index(self.window)
            await self.window.opener.tell("handle", n=n, closed=True)
        await self.tell("load", **self._facts())
        if link and self.config["page"] not in self.window.home.ways.deaf:
            n = link.handles.index(self.window) if self.window in link.handles else -1
            await link.tell("heard", doc=self.id, n=n)
        self.window.home.spawn(self._obey())

    def _facts(self) -> dict[str, object]:
        facts: dict[str, object] = {"top": True, "opener": self.window.link is not None, "isSecureContext": True}
        facts |= {"crossOriginIsolated": self.isolated, "SharedArrayBuffer": self.isolated, "name": self.window.name}
        if "sharedMemory" in self.config["measure"]:
            facts["sharedMemory"] = self.isolated
        return facts

    async def _obey(self) -> None:
        events: list[list[object]] = []
        # A stage that is taken down refuses its pages: as in a browser, they fall silent.
        with suppress(aiohttp.ClientError):
            while not self.gone:
                commands = await self._post(events, hold=True)
                asked = [command["do"] for command in commands]
                if self.config["page"] in self.window.home.ways.abrupt and "settle" in asked:
                    self.gone = True  # without a word
                    self.window.home.spawn(self.window.navigate(str(self.config["urls"]["next"])))
                    return
                if self.window.home.ways.dying.get(self.config["page"]) in asked:
                    await self._die()
                    return
                answers = [await self._perform(command) for command in commands]
                events = [["done", answer] for answer in answers if answer["id"]]

    async def _die(self) -> None:
        self.gone = self.window.closed = True
        if opener := self.window.opener:
            await opener.tell("handle", n=opener.handles.index(self.window), closed=True)

    async def _perform(self, command: dict[str, Any]) -> dict[str, object]:
        if self.config["page"] in self.window.home.ways.broken:
            return {"id": command["id"], "error": "TypeError: it broke"}
        do = getattr(self, f"_do_{command['do']}")
        return {"id": command["id"], "value": await do(command)}

    # --- commands ------------------------------------------------------------------------------------------------

    async def open(self, url: str, target: str = "_blank", features: str = "") -> int | None:
        """window.open."""
        self.opens += 1
        if "noopener" in features:
            self.handles.append(self.window.home.window(None))
            number, window = len(self.handles) - 1, self.handles[-1]
        else:
            number, window = self._named(target)
        await self.tell("handle", n=number, null=window.opener is None, opens=self.opens)
        self.window.home.spawn(window.navigate(url))
        return number if window.opener else None

    def _named(self, target: str) -> tuple[int, FakeWindow]:
        for number, window in enumerate(self.handles):
            if target not in ("", "_blank") and window.name == target and not window.closed:
                return number, window
        self.handles.append(self.window.home.window(self, "" if target == "_blank" else target))
        return len(self.handles) - 1, self.handles[-1]

    async def _do_open(self, command: dict[str, Any]) -> int | None:
        return await self.open(command["url"], command["target"], command["features"])

    async def _do_link(self, command: dict[str, Any]) -> None:
        linked = command["target"] != "_blank" or "opener" in command["rel"].split()
        window = self.window.home.window(self if linked else None)
        self.window.home.spawn(window.navigate(command["url"]))

    async def _do_go(self, command: dict[str, Any]) -> None:
        self.window.home.spawn(self.window.navigate(command["url"]))

    async def _do_close(self, _command: dict[str, Any]) -> None:
        await self.window.close()

    async def _do_ping(self, command: dict[str, Any]) -> int | None:
        opener = self.window.link.window.document if self.window.link else None
        if opener is None:
            return None
        await opener.tell("heard", doc=self.id, n=-1, ping=command["id"])
        return int(command["id"])

    async def _do_steer(self, command: dict[str, Any]) -> None:
        self.window.home.spawn(self.handles[command["n"]].navigate(command["url"]))

    async def _do_shut(self, command: dict[str, Any]) -> None:
        window = self.handles[command["n"]]
        if window.document is None or window.document.config["page"] not in window.home.ways.dying:
            await window.close()

    async def _do_locate(self, command: dict[str, Any]) -> dict[str, int]:
        if command["selector"] not in self.window.home.ways.clicks:
            await asyncio.Event().wait()
        return {"x": 3, "y": 4}

    async def _do_look(self, command: dict[str, Any]) -> dict[str, object]:
        window = self.handles[command["n"]]
        return {"closed": window.closed or window.severed, "length": 0, "domAccess": False}

    async def _do_rest(self, _command: dict[str, Any]) -> None:
        self.gone = True

    async def _do_forget(self, _command: dict[str, Any]) -> None:
        return None

    async def _do_settle(self, _command: dict[str, Any]) -> None:
        return None

    async def _do_sync(self, _command: dict[str, Any]) -> None:
        return None
