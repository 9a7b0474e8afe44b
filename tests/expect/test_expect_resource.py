"""Whether what a page loads is blocked: each kind, with the rule."""

from __future__ import annotations

import pytest
from own_app import COEP, CORP, ISOLATING, OwnApp
from own_browser import Rig
from playwright.async_api import Browser, Page

from isolab.expect import expect_isolation

pytestmark = pytest.mark.browser

SHORT_MS = 500


async def _embedding(browser: Browser, app: OwnApp, body: str, more: dict[str, str] | None = None) -> Page:
    page = await browser.new_page()
    await page.goto(app.page("app", {**ISOLATING, **(more or {})}, body))
    return page


def _tag(kind: str, url: str) -> str:
    return {
        "image": f'<img src="{url}">',
        "script": f'<script src="{url}"></script>',
        "iframe": f'<iframe src="{url}"></iframe>',
        "worker": f"<script>new Worker({url!r})</script>",
        "cors": f'<script crossorigin src="{url}"></script>',
    }[kind]


@pytest.mark.parametrize(
    ("kind", "path", "lets", "rule"),
    [
        ("image", "logo", {CORP: "cross-origin"}, "Cross-Origin-Resource-Policy"),
        ("script", "code.js", {CORP: "cross-origin"}, "Cross-Origin-Resource-Policy"),
        ("iframe", "ad", {CORP: "cross-origin", COEP: "require-corp"}, "Cross-Origin-Embedder-Policy"),
        ("worker", "work.js", {COEP: "require-corp"}, "Cross-Origin-Embedder-Policy"),
        ("cors", "code.js", {"Access-Control-Allow-Origin": "*"}, "Access-Control-Allow-Origin"),
    ],
)
def test_what_the_page_loads(
    own_browser: Rig, app: OwnApp, kind: str, path: str, *, lets: dict[str, str], rule: str
) -> None:
    async def look(playwright: Browser) -> None:
        there = kind != "worker"
        # A worker whose script cannot be parsed has the same error event as one that is kept out.
        allowed = app.page(path, lets, "/**/", there=there)
        refused = app.page(f"other-{path}", body="/**/", there=there)
        page = await _embedding(playwright, app, _tag(kind, allowed) + _tag(kind, refused))
        await expect_isolation(page).not_to_be_blocked(allowed)
        with pytest.raises(AssertionError) as caught:
            await expect_isolation(page).not_to_be_blocked(refused, timeout=SHORT_MS)
        assert "is blocked in" in str(caught.value).splitlines()[0]
        assert rule in str(caught.value)
        mend = str(caught.value).splitlines()[-1]
        assert mend.startswith("  mend: send `")
        assert rule in mend

    own_browser.run(look)


def test_a_url_may_be_relative_to_the_page_and_not_asked_for_yet(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _embedding(playwright, app, "<p>")
        await expect_isolation(page).not_to_be_blocked("/picture")
        with pytest.raises(AssertionError, match="Cross-Origin-Resource-Policy"):
            await expect_isolation(page).not_to_be_blocked(f"{app.there}/picture", timeout=SHORT_MS)

    own_browser.run(look)


NO_FETCH = {"Content-Security-Policy": "connect-src 'none'"}
DRAWN = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'></svg>"


def test_where_isolab_may_not_ask_an_image_that_shows_counts(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        allowed = app.page("let.svg", {CORP: "cross-origin"}, DRAWN, there=True)
        refused = app.page("kept.svg", {}, DRAWN, there=True)
        page = await _embedding(playwright, app, _tag("image", allowed) + _tag("image", refused), NO_FETCH)
        await expect_isolation(page).not_to_be_blocked(allowed, timeout=SHORT_MS)
        with pytest.raises(AssertionError) as caught:
            await expect_isolation(page).not_to_be_blocked(refused, timeout=SHORT_MS)
        assert "cannot be told" in str(caught.value).splitlines()[0]
        assert "by the standard it is blocked" in str(caught.value)
        assert CORP in str(caught.value)

    own_browser.run(look)


def test_what_nobody_can_tell_is_not_called_blocked(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _embedding(playwright, app, "<p>", NO_FETCH)
        with pytest.raises(AssertionError, match=r"^whether .* is blocked in .* cannot be told") as caught:
            await expect_isolation(page).not_to_be_blocked("/picture", timeout=SHORT_MS)
        assert "connect-src" in str(caught.value)
        assert "by the standard it is loaded" in str(caught.value)

    own_browser.run(look)


def test_what_is_never_answered_is_neither_loaded_nor_blocked(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _embedding(playwright, app, "<p>")
        with pytest.raises(AssertionError, match=r"cannot be told\n  its server gives no answer$"):
            await expect_isolation(page).not_to_be_blocked(app.page("late.svg", mute=True), timeout=SHORT_MS)
        with pytest.raises(ValueError, match="is no URL"):
            await expect_isolation(page).not_to_be_blocked("http://[bad")

    own_browser.run(look)
