"""What the usual way looks at: each expectation of a case, asked of the page that it is about, through the driver."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.async_api import Error, Frame, Page, Worker

from isolab.lab.stage import Stage
from isolab.scenario.case import Case, Check, Embed
from isolab.scenario.case import Page as Declared

FACTS = {
    "crossOriginIsolated": "crossOriginIsolated",
    "isSecureContext": "isSecureContext",
    "SharedArrayBuffer": "typeof SharedArrayBuffer === 'function'",
    "name": "name",
    "measureMemory": "!!performance.measureUserAgentSpecificMemory && crossOriginIsolated",
    "timers": """(() => {
      const seen = new Set();
      while (seen.size < 20) seen.add(performance.now());
      const steps = [...seen].map((t, n, all) => (n ? t - all[n - 1] : Infinity));
      return Math.min(...steps) < 0.05 ? 'fine' : 'coarse';
    })()""",
    "sharedMemory": """(async () => {
      if (typeof SharedArrayBuffer !== 'function') return false;
      const source = 'onmessage = e => { new Int32Array(e.data)[0] = 1; postMessage(1) }';
      const worker = new Worker(URL.createObjectURL(new Blob([source])));
      const cells = new Int32Array(new SharedArrayBuffer(4));
      const done = new Promise(resolve => { worker.onmessage = resolve });
      worker.postMessage(cells.buffer);
      await done;
      return Atomics.load(cells, 0) === 1;
    })()""",
}

ELEMENTS = {"image": "img", "script": "script[src]", "style": "link[rel=stylesheet]"}

ENDED = "([tag, n]) => document.querySelectorAll(tag)[n]?.usual"
"""How the load of the n-th such element ended, as soon as it has."""

LOADS = {
    "fetch": "([url, init]) => fetch(url, init).then(() => true, () => false)",
    "worker": """([url, init]) => new Promise(resolve => {
      const worker = new Worker(url, init);
      worker.onmessage = () => resolve(true);
      worker.onerror = () => resolve(false);
    })""",
}

HANDLE = {"closed": "h.closed", "length": "h.length", "domAccess": "(() => { try { return !!h.document } catch {} })()"}


class UsualChecks:
    """The checks of one case whose steps have been walked."""

    def __init__(self, case: Case, stage: Stage, pages: Mapping[str, Page], openers: Mapping[str, str]) -> None:
        self._case = case
        self._stage = stage
        self._pages = pages
        self._openers = openers

    async def holds(self, check: Check) -> bool:
        """Whether it is as expected."""
        name, *embeds = check.subject.split(".")
        if embeds:
            return await self._embedded(self._pages[name], embeds, check)
        if check.fact in HANDLE:
            return await self._handle(name, check)
        return await self._window(name, check)

    async def _window(self, name: str, check: Check) -> bool:
        page = self._pages[name]
        if check.fact == "opener":
            return await self._opener(name, str(check.expected))
        if check.fact in ("open", "ending"):
            return await self._open(page, expected=check.expected in (True, "open", "severed"))
        if check.fact == "url":
            return self._stage.canonical(page.url).startswith(self._case.pages[str(check.expected)].url)
        if check.fact.startswith("says."):
            return await self._says(page, check.fact.removeprefix("says."), check.expected)
        return bool(await page.evaluate(FACTS[check.fact]) == check.expected)

    async def _opener(self, name: str, expected: str) -> bool:
        popup, opener = self._pages[name], self._pages[self._openers[name]]
        if expected == "noopener":
            return await opener.evaluate("name => window.handles?.[name] ?? null", name) is None
        if expected == "severed":
            cut = await popup.evaluate("opener === null")
            await opener.wait_for_function("name => !window.handles?.[name] || window.handles[name].closed", arg=name)
            return bool(cut) and not popup.is_closed()
        try:
            await popup.evaluate("name => opener.postMessage({ usual: name }, '*')", name)
        except Error:
            if popup.is_closed():  # by itself, when it had delivered: what the app shows is the proof
                return True
            raise
        await opener.wait_for_function("name => !window.handles?.[name] || window.heard[name]", arg=name)
        return True

    async def _open(self, page: Page, *, expected: bool) -> bool:
        if not expected and not page.is_closed():
            await page.wait_for_event("close")
        return page.is_closed() is not expected

    async def _handle(self, name: str, check: Check) -> bool:
        opener = self._pages[self._openers[name]]
        script = f"([name, expected]) => {{ const h = window.handles?.[name]; return !h || ({HANDLE[check.fact]}"
        await opener.wait_for_function(f"{script} ?? false) === expected }}", arg=[name, check.expected])
        return True

    async def _says(self, page: Page, key: str, expected: object) -> bool:
        """Wait until the page has said it; a page that has closed itself, when it had delivered, has said it all."""
        if page.is_closed() or (key == "delivered" and expected):
            return await self._open(page, expected=False)
        return await _said(page.main_frame, key, expected)

    async def _embedded(self, page: Page, names: list[str], check: Check) -> bool:
        frame, declared = page.main_frame, self._shown(page)
        for name in names[:-1]:
            embed = _embed(declared, name)
            frame, declared = child(frame, name), self._case.pages[embed.page]
        embed = _embed(declared, names[-1])
        url = self._stage.address(self._case.pages[embed.page])
        if check.fact == "load":
            return await _loads(frame, declared, embed, url) == (check.expected == "loaded")
        inner = await _worker(page, url) if embed.kind == "worker" else child(frame, embed.name)
        if isinstance(inner, Frame) and check.fact.startswith("says."):
            return await _said(inner, check.fact.removeprefix("says."), check.expected)
        return bool(await inner.evaluate(FACTS[check.fact]) == check.expected)

    def _shown(self, page: Page) -> Declared:
        url = self._stage.canonical(page.url)
        return next(declared for declared in self._case.pages.values() if declared.url == url)


async def _said(frame: Frame, key: str, expected: object) -> bool:
    said = "([key, expected]) => JSON.stringify(window.said[key] ?? null) === JSON.stringify(expected)"
    await frame.wait_for_function(said, arg=[key, expected])
    return True


async def _loads(frame: Frame, page: Declared, embed: Embed, url: str) -> bool:
    if embed.kind == "iframe":
        return bool(await child(frame, embed.name).evaluate("location.protocol.startsWith('http')"))
    if embed.kind in LOADS:
        return bool(await frame.evaluate(LOADS[embed.kind], [url, dict(embed.attributes)]))
    alike = [other.name for other in page.embeds if other.kind == embed.kind]
    asked = [ELEMENTS[embed.kind], alike.index(embed.name)]
    ended = await frame.wait_for_function(ENDED, arg=asked)
    return bool(await ended.json_value() == "load")


async def _worker(page: Page, url: str) -> Worker:
    for worker in page.workers:
        if worker.url == url:
            return worker
    async with page.expect_worker(lambda worker: worker.url == url) as coming:
        pass
    return await coming.value


def _embed(page: Declared, name: str) -> Embed:
    return next(embed for embed in page.embeds if embed.name == name)


def child(frame: Frame, name: str) -> Frame:
    """The frame of this name in a frame."""
    return next(child for child in frame.child_frames if child.name == name)
