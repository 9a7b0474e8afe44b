"""Playwright as users start it themselves: of isolab only the discovery is used, to find the browser."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from own_app import ISOLATING, OwnApp
from playwright.async_api import Browser, Page, async_playwright
from real_engines import lacking

from isolab.engines.discover import discover
from isolab.scenario.case import EngineName

T = TypeVar("T")


def launch_options(name: EngineName) -> dict[str, Any]:
    """What `BrowserType.launch` needs for the build that is here; skips the test where Playwright can drive none."""
    found = next((each for each in discover([name]) if each.driver == "playwright"), None)
    if found is None:
        lacking(f"no {name} that Playwright drives")
    options: dict[str, Any] = {} if found.bundled else {"executable_path": found.executable}
    if name == "firefox":
        options["firefox_user_prefs"] = {"dom.disable_open_during_load": False}
        if not found.bundled:
            options["channel"] = "moz-firefox"
    return options


class Rig:
    """A browser of the async API on a loop of its own, so that sync tests can use it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, browser: Browser) -> None:
        self._loop = loop
        self.browser = browser

    def run(self, what: Callable[[Browser], Awaitable[T]]) -> T:
        """Run a coroutine of the test there."""

        async def within() -> T:
            return await what(self.browser)

        return asyncio.run_coroutine_threadsafe(within(), self._loop).result()


@contextmanager
def rig(name: EngineName) -> Iterator[Rig]:
    """A browser that stays while the block lasts."""
    options = launch_options(name)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    manager = async_playwright()

    def do(coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result()

    try:
        playwright = do(manager.__aenter__())
        browser = do(getattr(playwright, name).launch(**options))
        yield Rig(loop, browser)
        do(browser.close())
        do(manager.__aexit__())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def embedding(
    browser: Browser,
    app: OwnApp,
    body: str,
    more: Mapping[str, str] | None = None,
    *,
    wait: Literal["load", "commit"] = "load",
) -> Page:
    """A new page of the app that is isolated; `more` headers come besides."""
    page = await browser.new_page()
    await page.goto(app.page("app", {**ISOLATING, **(more or {})}, body), wait_until=wait)
    return page


def tag(kind: str, url: str) -> str:
    """What asks for a URL in a page, in this way."""
    return {
        "image": f'<img src="{url}">',
        "script": f'<script src="{url}"></script>',
        "iframe": f'<iframe src="{url}"></iframe>',
        "worker": f"<script>new Worker({url!r})</script>",
        "cors": f'<script crossorigin src="{url}"></script>',
        "removed": f"<script>s = document.createElement('script'); s.src = '{url}'; document.head.append(s); s.remove()"
        "</script>",
        "style": f'<link rel="stylesheet" href="{url}">',
        "fetch": f"<script>fetch('{url}')</script>",
        "import": f"<script>import('{url}').catch(() => 0)</script>",
        "font": f"<style>@font-face {{ font-family: '{url}'; src: url('{url}') }}</style>"
        f"<p style='font-family: \"{url}\"'>x",
        "background": f"<p style='background: url({url})'>x",
    }[kind]
