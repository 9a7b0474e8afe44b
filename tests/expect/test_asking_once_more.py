"""What a page asks for once more, or a worker of it does: that something is on its way is no success yet."""

from __future__ import annotations

import re

import pytest
from aiohttp import web
from own_app import COEP, CORP, OwnApp
from own_browser import Rig, embedding, tag
from playwright.async_api import Browser

from isolab.expect import expect_isolation, watch

pytestmark = pytest.mark.browser

SHORT_MS = 1500
ACAO = {"Access-Control-Allow-Origin": "*"}
UNTOLD = "cannot be told\n  its server gives no answer, or the browser has kept it from the page: "


def _answers(app: OwnApp, path: str, times: int) -> None:
    """Have the app answer what is asked for at this path so often, and then not any more."""
    count = 0

    async def hold(request: web.Request) -> None:
        nonlocal count
        if request.path == f"/{path}":
            count += 1
            if count == times + 1:
                await app.end.wait()

    app.before = hold


def test_a_fetch_that_was_kept_from_the_page_is_none_while_it_is_tried_again(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        _answers(app, "kept", 1)
        url = app.page("kept", there=True)
        again = f"const ask = () => fetch({url!r}).catch(() => {{ tried += 1; setTimeout(ask, 500); }}); ask()"
        page = await embedding(playwright, app, f"<script>var tried = 0; {again}</script>")
        await page.wait_for_function("tried > 0")
        with pytest.raises(AssertionError, match=f"is blocked in|{UNTOLD}"):
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)

    own_browser.run(look)


def test_a_script_that_is_not_there_is_none_while_it_is_tried_again(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        _answers(app, "missing.js", 1)
        url = app.page("missing.js", status=404)
        add = "const s = document.createElement('script'); s.onerror = () => { tried += 1; setTimeout(add, 500); };"
        add = f"const add = () => {{ {add} s.src = {url!r}; document.head.append(s) }}; onload = add"
        page = await embedding(playwright, app, f"<script>var tried = 0; {add}</script>")
        await page.wait_for_function("tried > 0")
        with pytest.raises(AssertionError, match="its server answers 404"):
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)

    own_browser.run(look)


def test_a_script_that_comes_at_the_second_try_is_loaded(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        count = 0

        async def fail_once(request: web.Request) -> None:
            nonlocal count
            if request.path == "/part.js":
                count += 1
                if count == 1:
                    raise web.HTTPServiceUnavailable

        app.before = fail_once
        url = app.page("part.js", {CORP: "cross-origin"}, "/**/", there=True)
        add = "const s = document.createElement('script'); s.onerror = () => { tried += 1; setTimeout(add, 500); };"
        add = f"const add = () => {{ {add} s.src = {url!r}; document.head.append(s) }}; onload = add"
        page = await embedding(playwright, app, f"<script>var tried = 0; {add}</script>")
        await page.wait_for_function("tried > 0")
        await expect_isolation(page).not_to_be_blocked(url)

    own_browser.run(look)


def test_of_what_is_polled_the_last_answer_counts(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        for headers in (ACAO, {}):
            path = "polled" if headers else "barred"
            _answers(app, path, 2 if headers else 1)
            url = app.page(path, {**headers, "Cache-Control": "no-store"}, there=True)
            ask = f"const ask = () => fetch({url!r}).then((answer) => answer.text()).finally(() => {{ tried += 1; }});"
            poll = f"var tried = 0; {ask} const poll = () => ask().then(poll, poll); poll()"
            page = await embedding(playwright, app, f"<script>{poll}</script>")
            await page.wait_for_function("times => tried >= times", arg=2 if headers else 1)
            if headers:
                await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)
            else:
                with pytest.raises(AssertionError, match=f"is blocked in|{UNTOLD}"):
                    await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)

    own_browser.run(look)


def test_what_is_asked_for_in_another_way_too_is_waited_for_there(own_browser: Rig, app: OwnApp) -> None:
    """That the script is there does not say that the page gets to read it."""

    async def hold(request: web.Request) -> None:
        if request.headers.get("Sec-Fetch-Mode") == "cors":
            await app.end.wait()

    async def look(playwright: Browser) -> None:
        app.before = hold
        url = app.page("part.js", {CORP: "cross-origin", "Cache-Control": "no-store"}, "/**/", there=True)
        body = f'<script src="{url}" onload="fetch(this.src)"></script>'
        page = await embedding(playwright, app, body)
        with pytest.raises(AssertionError, match="cannot be told\n  its server gives no answer"):
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)

    own_browser.run(look)


def test_a_server_that_sends_headers_of_cors_to_an_origin_only_is_asked_with_one(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        url = app.page("part", ACAO, there=True, more="cors")
        page = await embedding(playwright, app, f"<script>fetch({url!r}, {{ credentials: 'include' }})</script>")
        cause = (
            rf"sends Access-Control-Allow-Origin: \*, but the request comes from {re.escape(app.here)} with credentials"
        )
        with pytest.raises(AssertionError, match=cause):
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)

    own_browser.run(look)


@pytest.mark.parametrize("watched", [False, True])
def test_a_script_of_a_worker_is_no_worker_of_the_page(own_browser: Rig, app: OwnApp, *, watched: bool) -> None:
    async def look(playwright: Browser) -> None:
        url = app.page("lib.js", body="/**/", there=True)
        worker = app.page("work.js", {COEP: "require-corp"}, f"try {{ importScripts({url!r}) }} catch (e) {{}}")
        context = await playwright.new_context()
        if watched:
            watch(context)
        page = await context.new_page()
        await page.goto(app.page("app", {COEP: "require-corp"}, tag("worker", worker)))
        cause = rf"is blocked in .*\n(  the browser says.*\n)?  {re.escape(url)} sends no {CORP}"
        with pytest.raises(AssertionError, match=cause if watched else f"{cause}|{UNTOLD}"):
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)

    own_browser.run(look)


def test_what_is_blocked_is_not_laid_to_its_server_where_the_timeline_is_empty(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        url = app.page("code.js", body="/**/", there=True)
        clear = "performance.clearResourceTimings(); document.title = 'done'"
        body = f'<script src="{url}" onerror="setTimeout(() => {{ {clear} }}, 300)"></script>'
        page = await embedding(playwright, app, body)
        await page.wait_for_function("document.title === 'done'")
        with pytest.raises(AssertionError, match=f"is blocked in|{UNTOLD}"):
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)

    own_browser.run(look)


PROTOTYPE = """<script>
  // As Prototype 1.6 has it.
  const say = (each) => (Array.isArray(each) ? each.toJSON() : JSON.stringify(each));
  Array.prototype.toJSON = function () { return `[${[...this].map(say).join(", ")}]`; };
</script>"""


def test_a_page_whose_arrays_have_a_json_of_their_own_is_understood(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        url = app.page("code.js", {CORP: "cross-origin"}, "/**/", there=True)
        page = await embedding(playwright, app, PROTOTYPE + tag("script", url))
        await expect_isolation(page).not_to_be_blocked(url)
        await expect_isolation(page).to_have_shared_memory()

    own_browser.run(look)
