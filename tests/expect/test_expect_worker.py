"""Whether a worker of a page runs: one that ends, waits or fails, and one that is kept out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from aiohttp import web
from own_app import COEP, NO_FETCH, OwnApp
from own_browser import Rig, embedding
from playwright.async_api import Browser, Page

from isolab.expect import expect_isolation

pytestmark = pytest.mark.browser

SHORT_MS = 500
LET = {COEP: "require-corp"}
NO_COEP = r"is blocked in (.*\n)+.* sends no Cross-Origin-Embedder-Policy"
HEEDED = """<script>made = 0; Worker = class extends Worker {{
  constructor(...its) {{ super(...its); if (++made === 2) {{ {then} }} }}
}}</script>"""
"""Does something with the first worker that isolab starts after the page has its own."""


async def _starting(
    browser: Browser,
    app: OwnApp,
    work: str,
    *,
    kind: str = "classic",
    more: Mapping[str, str] | None = None,
    by: str = "",
) -> Page:
    started = f"{by}<script>new Worker({work!r}, {{type: '{kind}'}})</script>"
    return await embedding(browser, app, started, more)


@pytest.mark.parametrize("more", [{}, NO_FETCH], ids=["open", "connect-src"])
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("classic", "/**/"),
        ("classic", "close()"),
        ("classic", "throw 1"),
        ("classic", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"),
        ("module", "export {}"),
        ("module", "export {}; close()"),
    ],
)
def test_one_that_runs(own_browser: Rig, app: OwnApp, kind: str, code: str, more: dict[str, str]) -> None:
    async def look(playwright: Browser) -> None:
        page = await _starting(playwright, app, work := app.page("work.js", LET, code), kind=kind, more=more)
        await expect_isolation(page).not_to_be_blocked(work)

    own_browser.run(look)


@pytest.mark.parametrize("more", [{}, NO_FETCH], ids=["open", "connect-src"])
@pytest.mark.parametrize(("kind", "code"), [("classic", "/**/"), ("classic", "close()"), ("module", "export {}")])
def test_one_that_is_kept_out(own_browser: Rig, app: OwnApp, kind: str, code: str, more: dict[str, str]) -> None:
    async def look(playwright: Browser) -> None:
        page = await _starting(playwright, app, work := app.page("work.js", {}, code), kind=kind, more=more)
        with pytest.raises(AssertionError, match=NO_COEP):
            await expect_isolation(page).not_to_be_blocked(work, timeout=SHORT_MS)

    own_browser.run(look)


def test_its_error_may_come_long_after_the_answer_to_isolab(own_browser: Rig, app: OwnApp) -> None:
    answered, ticks, asked = asyncio.Event(), asyncio.Semaphore(0), []
    ticking = "(async () => { for (let i = 0; i < 60; i++) await fetch('/tick') })()"

    async def behind(request: web.Request) -> None:
        """The first worker that isolab starts is answered after its own request, and thirty of the page's."""
        dest = request.headers.get("Sec-Fetch-Dest")
        if request.path == "/tick" and answered.is_set():
            ticks.release()
        elif request.path == "/work.js" and dest == "empty":
            answered.set()
        elif request.path == "/work.js" and dest == "worker":
            asked.append(request)
            for _ in range(30 if len(asked) == 2 else 0):
                await ticks.acquire()

    async def look(playwright: Browser) -> None:
        app.before = behind
        page = await _starting(playwright, app, work := app.page("work.js"), by=HEEDED.format(then=ticking))
        with pytest.raises(AssertionError, match=NO_COEP):
            await expect_isolation(page).not_to_be_blocked(work, timeout=SHORT_MS)

    own_browser.run(look)


@pytest.mark.parametrize(("status", "told"), [(200, NO_COEP), (404, r"is not loaded in .*\n  its server answers 404")])
def test_its_error_may_come_before_the_answer_to_isolab(own_browser: Rig, app: OwnApp, status: int, told: str) -> None:
    released = asyncio.Event()
    telling = "this.addEventListener('error', () => fetch('/release'))"

    async def held(request: web.Request) -> None:
        if request.path == "/release":
            released.set()
        elif request.path == "/work.js" and request.headers.get("Sec-Fetch-Dest") == "empty":
            await released.wait()

    async def look(playwright: Browser) -> None:
        app.before = held
        work = app.page("work.js", LET if status == 404 else {}, "/**/", status=status)
        page = await _starting(playwright, app, work, by=HEEDED.format(then=telling))
        with pytest.raises(AssertionError, match=told):
            await expect_isolation(page).not_to_be_blocked(work, timeout=SHORT_MS)

    own_browser.run(look)


def test_one_is_blocked_though_scripts_get_no_answer(own_browser: Rig, app: OwnApp) -> None:
    async def held(request: web.Request) -> None:
        if request.path == "/work.js" and request.headers.get("Sec-Fetch-Dest") == "empty":
            await app.end.wait()

    async def look(playwright: Browser) -> None:
        app.before = held
        page = await _starting(playwright, app, work := app.page("work.js"))
        with pytest.raises(AssertionError, match=NO_COEP):
            await expect_isolation(page).not_to_be_blocked(work, timeout=SHORT_MS)

    own_browser.run(look)


def test_one_that_is_never_answered_is_neither_loaded_nor_blocked(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await embedding(playwright, app, "<p>")
        await page.evaluate("url => { new Worker(url) }", work := app.page("work.js", LET, mute=True))
        with pytest.raises(AssertionError, match=r"cannot be told\n  its server gives no answer$"):
            await expect_isolation(page).not_to_be_blocked(work, timeout=SHORT_MS)

    own_browser.run(look)
