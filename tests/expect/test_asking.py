"""What a page asks for in several ways, or not at all, and what goes between: each way is judged."""

from __future__ import annotations

import pytest
from aiohttp import web
from own_app import COEP, CORP, DRAWN, OwnApp
from own_browser import Rig, embedding, tag
from playwright.async_api import Browser

from isolab.expect import expect_isolation

pytestmark = pytest.mark.browser

SHORT_MS = 500
ACAO = {"Access-Control-Allow-Origin": "*"}


def _then(kind: str, url: str, how: str) -> str:
    """What asks for something in one way, and once that has failed or loaded in another, and has a title then."""
    after = f"{how}.then(() => {{ document.title = 'done'; }})"
    return {
        "script": f'<script src="{url}" onload="{after}" onerror="{after}"></script>',
        "cors": f'<script crossorigin src="{url}" onload="{after}" onerror="{after}"></script>',
        "iframe": f'<iframe src="{url}"></iframe><script>onload = () => {{ {after} }}</script>',
        "worker": f"<script>const worker = new Worker({url!r});"
        f"worker.onerror = worker.onmessage = () => {{ {after} }}</script>",
    }[kind]


@pytest.mark.parametrize(
    ("kind", "how", "lets", "also"),
    [
        ("script", "fetch(this.src)", ACAO, {CORP: "cross-origin"}),
        ("iframe", "fetch(URL)", {**ACAO, CORP: "cross-origin"}, {COEP: "require-corp"}),
        ("worker", "fetch(URL)", {}, {COEP: "require-corp"}),
        ("cors", "fetch(this.src, { mode: 'no-cors' })", {CORP: "cross-origin"}, ACAO),
    ],
)
def test_what_is_asked_for_in_several_ways_has_to_load_in_each(
    own_browser: Rig, app: OwnApp, kind: str, how: str, *, lets: dict[str, str], also: dict[str, str]
) -> None:
    async def look(playwright: Browser) -> None:
        for headers in (lets, {**lets, **also}):
            path, body = "part" if kind == "iframe" else "code.js", "postMessage(1)" if kind == "worker" else "/**/"
            url = app.page(path, headers, body, there=kind != "worker")
            page = await embedding(playwright, app, _then(kind, url, how.replace("URL", repr(url))))
            await page.wait_for_function("document.title === 'done'")
            if headers is lets:
                with pytest.raises(AssertionError, match="is blocked in"):
                    await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)
            else:
                await expect_isolation(page).not_to_be_blocked(url)

    own_browser.run(look)


@pytest.mark.parametrize(
    "markup",
    ["<img src='{unused}' srcset='{used} 1x'>", "<picture><source srcset='{used}'><img src='{unused}'></picture>"],
)
def test_an_image_that_the_browser_does_not_choose_is_not_asked_for(own_browser: Rig, app: OwnApp, markup: str) -> None:
    async def look(playwright: Browser) -> None:
        used = app.page("logo.svg", {CORP: "cross-origin"}, DRAWN, there=True).replace("'", "%27")
        unused = app.page("blocked.svg", body=DRAWN, there=True).replace("'", "%27")
        page = await embedding(playwright, app, markup.format(used=used, unused=unused))
        await expect_isolation(page).not_to_be_blocked(used)
        with pytest.raises(AssertionError, match="asks for nothing at"):
            await expect_isolation(page).not_to_be_blocked(unused, timeout=SHORT_MS)

    own_browser.run(look)


def test_an_image_that_still_loads_is_not_passed_over_for_one_that_shows(own_browser: Rig, app: OwnApp) -> None:
    async def hold(request: web.Request) -> None:
        if request.headers.get("Sec-Fetch-Mode") == "cors":
            await app.end.wait()

    async def look(playwright: Browser) -> None:
        app.before = hold
        url = app.page("logo.svg", {CORP: "cross-origin", "Cache-Control": "no-store"}, DRAWN, there=True)
        page = await embedding(playwright, app, f'{tag("image", url)}<img crossorigin src="{url}">', wait="commit")
        with pytest.raises(AssertionError, match="cannot be told\n  its server gives no answer"):
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)

    own_browser.run(look)


@pytest.mark.parametrize("kind", ["iframe", "fetch", "image", "script"])
def test_a_download_is_no_new_page(own_browser: Rig, app: OwnApp, kind: str) -> None:
    async def look(playwright: Browser) -> None:
        path = {"image": "logo.svg", "script": "code.js"}.get(kind, "part")
        body = DRAWN if kind == "image" else "/**/"
        url, missing = app.page(path, {COEP: "require-corp"}, body), app.page("missing.js", status=404)
        page = await embedding(playwright, app, tag(kind, url) + tag("script", missing))
        file = app.page("file", {"Content-Disposition": "attachment"})
        async with page.expect_download():
            await page.evaluate("url => { setTimeout(() => { location = url; }); }", file)
        await expect_isolation(page).not_to_be_blocked(url)
        with pytest.raises(AssertionError, match="its server answers 404"):
            await expect_isolation(page).not_to_be_blocked(missing, timeout=SHORT_MS)

    own_browser.run(look)


def test_what_is_asked_for_only_after_it_was_looked_for_is_judged_then(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        url = app.page("code.js", {CORP: "cross-origin"}, "/**/", there=True)
        # A style sheet that is disabled is not asked for.
        later = "setTimeout(() => { document.querySelector('link').disabled = false; }, 1000)"
        page = await embedding(
            playwright, app, f'<link rel="stylesheet" disabled href="{url}"><script>{later}</script>'
        )
        await expect_isolation(page).not_to_be_blocked(url)

    own_browser.run(look)
