"""The plugin beside pytest-asyncio: a user's own running loops, and isolab's browsers on theirs."""

from __future__ import annotations

import json

import pytest
from own_app import COOP, OwnApp
from user_project import run, scenario

from isolab.engines.engine import Engine

pytestmark = pytest.mark.browser

INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""


def test_asyncio_tests_in_auto_mode_in_the_same_run(pytester: pytest.Pytester, app: OwnApp, chromium: Engine) -> None:
    scenario(pytester)
    pytester.makeini(INI)
    options = json.dumps({} if chromium.bundled else {"executable_path": chromium.executable})
    pytester.makepyfile(f"""
        import asyncio

        import pytest
        from playwright.async_api import async_playwright

        from isolab.expect import expect_isolation, expect_popup


        @pytest.fixture
        async def own_page():
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(**{options})
                yield await browser.new_page()
                await browser.close()


        async def test_own_loop():
            done = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(done.set_result, "done")
            assert await done == "done"


        async def test_popup(own_page):
            await own_page.goto({app.page("app")!r})
            async with own_page.expect_popup() as waiting:
                await own_page.evaluate("url => {{ window.handle = window.open(url) }}", {app.page("login")!r})
            await expect_popup(await waiting.value).to_have_opener()
            await expect_isolation(own_page).not_to_be_isolated()


        async def test_popup_that_is_cut(own_page):
            await own_page.goto({app.page("app")!r})
            async with own_page.expect_popup() as waiting:
                await own_page.evaluate("url => {{ window.open(url) }}", {app.page("login", {COOP: "same-origin"})!r})
            popup = await waiting.value
            await popup.wait_for_load_state()
            with pytest.raises(AssertionError, match="is severed: its opener was expected to be preserved"):
                await expect_popup(popup).to_have_opener(timeout=500)


        async def test_lab_in_a_coroutine(isolab_lab):
            lab = isolab_lab()
            lab.page("app")
            await asyncio.to_thread(lab.open("app").expect, {{"isSecureContext": True}})


        async def test_a_window_of_a_lab_is_awaited_as_a_page_is(isolab_lab):
            lab = isolab_lab()
            lab.page("app")
            app = lab.open("app")
            await expect_isolation(app).not_to_be_isolated()
            with pytest.raises(AssertionError, match="crossOriginIsolated"):
                await expect_isolation(app).to_be_isolated()
            await expect_popup(app.popup("app", "other")).to_have_opener()


        def test_lab(isolab_lab):
            lab = isolab_lab()
            lab.page("app", coop="same-origin", coep="require-corp")
            expect_isolation(lab.open("app")).to_be_isolated()
    """)
    result = run(pytester, "--isolab-engine", chromium.name, asyncio=True)
    result.assert_outcomes(passed=8)
