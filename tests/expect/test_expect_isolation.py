"""Whether a page is isolated: on the user's own pages, with the cause."""

from __future__ import annotations

import socket

import pytest
from own_app import COEP, COOP, ISOLATING, OwnApp
from own_browser import Rig
from playwright.async_api import Browser, Error, Page

from isolab.expect import expect_isolation

pytestmark = pytest.mark.browser

SHORT_MS = 300


async def _shown(browser: Browser, url: str) -> Page:
    page = await browser.new_page()
    await page.goto(url)
    return page


def test_an_isolated_page_shares_memory(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("app", ISOLATING))
        await expect_isolation(page).to_be_isolated()
        await expect_isolation(page).to_have_shared_memory()
        with pytest.raises(AssertionError, match="crossOriginIsolated is true, expected false"):
            await expect_isolation(page).not_to_be_isolated(timeout=SHORT_MS)

    own_browser.run(look)


def test_memory_is_shared_where_the_page_forbids_workers_from_blobs(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        policy = {**ISOLATING, "Content-Security-Policy": "default-src 'self'"}
        page = await _shown(playwright, app.page("app", policy))
        await expect_isolation(page).to_have_shared_memory()

    own_browser.run(look)


def test_the_missing_header_is_named(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("app", {COOP: "same-origin-allow-popups", COEP: "require-corp"}))
        await expect_isolation(page).not_to_be_isolated()
        for check in (expect_isolation(page).to_be_isolated, expect_isolation(page).to_have_shared_memory):
            with pytest.raises(AssertionError) as caught:
                await check(timeout=SHORT_MS)
            told = str(caught.value)
            assert f"{app.here}/app" in told.splitlines()[0]
            assert "Cross-Origin-Opener-Policy: same-origin-allow-popups" in told
            assert "not isolated: " in told
            assert f"  mend: send `{COOP}: same-origin` on {app.here}/app" in told

    own_browser.run(look)


def test_a_page_that_is_renewed_is_isolated_by_what_was_stored(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page, before = await playwright.new_page(), app.renewals
        await page.goto(app.page("app", ISOLATING, more="renewed"))
        await page.reload()
        assert app.renewals > before
        await expect_isolation(page).to_be_isolated()
        with pytest.raises(AssertionError, match=f"{COOP}: same-origin"):
            await expect_isolation(page).not_to_be_isolated(timeout=SHORT_MS)

    own_browser.run(look)


def test_a_redirect_on_the_way_is_shown(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("old", ISOLATING, to=app.page("new")))
        with pytest.raises(AssertionError) as caught:
            await expect_isolation(page).to_be_isolated(timeout=SHORT_MS)
        told = str(caught.value)
        assert "hop 1" in told
        assert "hop 2" in told

    own_browser.run(look)


def test_it_waits_for_the_page_that_is_isolated(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        isolated = app.page("app", ISOLATING)
        page = await _shown(playwright, app.page("start", body=f"<script>location = {isolated!r}</script>"))
        await expect_isolation(page).to_be_isolated()

    own_browser.run(look)


def test_what_the_browser_forgot_is_asked_for_again(own_browser: Rig, app: OwnApp) -> None:
    many = "".join(f"<img src='/picture{number}'>" for number in range(120))

    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("app", {COOP: "same-origin"}, many))
        with pytest.raises(AssertionError) as caught:
            await expect_isolation(page).to_be_isolated(timeout=SHORT_MS)
        assert "asked again" in str(caught.value)
        assert "Cross-Origin-Opener-Policy: same-origin" in str(caught.value)

    own_browser.run(look)


def test_a_closed_page_is_told_of(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("app"))
        await page.close()
        with pytest.raises(AssertionError, match="is closed"):
            await expect_isolation(page).to_be_isolated(timeout=SHORT_MS)

    own_browser.run(look)


def test_what_is_no_page_is_refused() -> None:
    with pytest.raises(TypeError, match="not str"):
        expect_isolation("page")  # type: ignore[call-overload]


BUSY = "<script>onload = () => setTimeout(() => { for (const t = Date.now() + 8000; Date.now() < t;); }, 0)</script>"
MOVING = "<script>onload = () => setTimeout(() => location.reload(), 15)</script>"


def test_a_page_that_is_busy_is_told_as_such(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("app", body=BUSY))
        with pytest.raises(AssertionError, match="a script of its own keeps it busy"):
            await expect_isolation(page).to_be_isolated(timeout=SHORT_MS)

    own_browser.run(look)


def test_a_page_that_moves_on_and_on_raises_no_error_of_the_drivers(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("app", body=MOVING))
        for check in (expect_isolation(page).to_be_isolated, expect_isolation(page).to_have_shared_memory):
            with pytest.raises(AssertionError, match=r"is not isolated|shares no memory|gives no answer"):
                await check(timeout=SHORT_MS)
        # The browser lives on, and the page would move on as long as that.
        await page.close()

    own_browser.run(look)


LATE = "<script>open('', 'late'); setTimeout(() => open('%s', 'late'), 700)</script>"


@pytest.mark.parametrize(("opener", "popup"), [(ISOLATING, {}), ({}, ISOLATING)])
def test_a_popup_is_judged_by_its_page_not_by_the_blank_one_before(
    own_browser: Rig, app: OwnApp, opener: dict[str, str], popup: dict[str, str]
) -> None:
    async def look(playwright: Browser) -> None:
        page = await playwright.new_page()
        async with page.expect_popup() as waiting:
            await page.goto(app.page("app", opener, LATE % app.page("late", popup)))
        late = expect_isolation(await waiting.value)
        for check in (late.to_be_isolated, late.to_have_shared_memory) if opener else (late.not_to_be_isolated,):
            with pytest.raises(AssertionError, match=f"^{app.here}/late"):
                await check(timeout=2000)

    own_browser.run(look)


def test_no_time_is_enough_for_a_page_that_is_there(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("app", ISOLATING))
        await expect_isolation(page).to_be_isolated(timeout=0)
        with pytest.raises(AssertionError, match="is isolated: "):
            await expect_isolation(page).not_to_be_isolated(timeout=0)

    own_browser.run(look)


def test_of_an_error_page_nothing_is_said(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await _shown(playwright, app.page("app"))
        with socket.create_server(("127.0.0.1", 0)) as server:
            nobody = server.getsockname()[1]
        with pytest.raises(Error):
            await page.goto(f"http://127.0.0.1:{nobody}/")
        await page.wait_for_url(lambda url: url.startswith(("chrome-error:", "about:neterror")), wait_until="commit")
        with pytest.raises(AssertionError, match="the browser shows an error page"):
            await expect_isolation(page).not_to_be_isolated(timeout=SHORT_MS)
        with pytest.raises(AssertionError, match="the browser shows an error page"):
            await expect_isolation(page).to_have_shared_memory(timeout=SHORT_MS)

    own_browser.run(look)
