"""The plugin beside others: pytest-playwright, xdist, a user's own event loops; and beside nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from own_app import COOP, OwnApp
from user_project import run, scenario, with_browsers

from isolab.engines.engine import Engine

pytestmark = pytest.mark.browser


def _ordinary_project(pytester: pytest.Pytester, app: OwnApp) -> None:
    """What has nothing to do with isolab: a project with pytest-playwright as its documentation shows it."""
    with_browsers(pytester, "chromium", "firefox")
    pytester.makepyfile(
        test_pages=f"""
        import pytest
        from playwright.sync_api import Page, expect


        def test_text(page: Page):
            page.goto({app.page("hello", body="<h1>Hello</h1>")!r})
            expect(page.locator("h1")).to_have_text("Hello")


        def test_failing(page: Page):
            page.goto({app.page("hello", body="<h1>Hello</h1>")!r})
            assert page.title() == "no such title"


        @pytest.mark.skip_browser("firefox")
        def test_skipped(page: Page, browser_name):
            assert browser_name == "chromium"
    """
    )


def _kept(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_an_ordinary_project_runs_unchanged(pytester: pytest.Pytester, app: OwnApp, own_engines: list[str]) -> None:
    _ordinary_project(pytester, app)
    browsers = [word for name in own_engines for word in ("--browser", name)]
    usual = ("--tracing", "retain-on-failure", "--screenshot", "only-on-failure")
    without = run(pytester, *browsers, *usual, "--output", "without", "-p", "no:isolab")
    beside = run(pytester, *browsers, *usual, "--output", "beside")
    assert beside.parseoutcomes() == without.parseoutcomes()
    assert beside.parseoutcomes()["failed"] == len(own_engines)
    assert _kept(pytester.path / "beside") == _kept(pytester.path / "without") != []


def test_the_browsers_of_pytest_playwright_are_obeyed(pytester: pytest.Pytester, own_engines: list[str]) -> None:
    scenario(pytester)
    pytester.makepyfile("""
        import pytest

        def test_engine(isolab_lab, isolab_engine):
            lab = isolab_lab()
            lab.page("app")
            lab.open("app").expect({"isSecureContext": True})

        @pytest.mark.skip_browser("firefox")
        def test_not_in_firefox(isolab_engine):
            assert isolab_engine != "firefox"
    """)
    name = own_engines[-1]
    result = run(pytester, "--browser", name)
    skipped = 1 if name == "firefox" else 0
    result.assert_outcomes(passed=4 - skipped, skipped=skipped)
    result.stdout.no_fnmatch_line("*webkit*")


def test_one_line_in_a_users_own_test(pytester: pytest.Pytester, app: OwnApp, own_engines: list[str]) -> None:
    with_browsers(pytester, *own_engines)
    many = "".join(f"<img src='/picture{number}'>" for number in range(120))
    hop = app.page("hop", {COOP: "same-origin"}, there=True, to=app.page("login", body=many, there=True))
    pytester.makepyfile(f"""
        from isolab.expect import expect_popup


        def test_popup(page):
            page.goto({app.page("app")!r})
            with page.expect_popup() as waiting:
                page.evaluate("url => {{ window.handle = window.open(url) }}", {hop!r})
            waiting.value.wait_for_load_state()
            expect_popup(waiting.value).to_have_opener(timeout=500)
    """)
    result = run(pytester, *[word for name in own_engines for word in ("--browser", name)])
    result.assert_outcomes(failed=len(own_engines))
    result.stdout.fnmatch_lines(["*is severed: its opener was expected to be preserved*", f"*{app.there}/hop*"])
    # The plugin has watched the context from the beginning, so no page is asked for again.
    result.stdout.no_fnmatch_line("*asked again*")


def test_two_processes_share_the_tests(pytester: pytest.Pytester, chromium: Engine) -> None:
    scenario(pytester)
    scenario(pytester, name="other.isolab.yaml")
    result = run(pytester, "--isolab-engine", chromium.name, "-n", "2")
    result.assert_outcomes(passed=4)


def test_a_users_own_asyncio_tests_in_the_same_run(pytester: pytest.Pytester, chromium: Engine) -> None:
    scenario(pytester)
    options = json.dumps(json.dumps({"path": chromium.executable, "bundled": chromium.bundled}))
    pytester.makepyfile(f"""
        import asyncio
        import json
        from isolab.expect import expect_isolation

        OPTIONS = json.loads({options})


        def test_own_loop(isolab_lab):
            async def own():
                from playwright.async_api import async_playwright

                lab = isolab_lab()
                lab.page("app")
                window = lab.open("app")
                await asyncio.to_thread(window.expect, {{"isSecureContext": True}})
                async with async_playwright() as playwright:
                    path = None if OPTIONS["bundled"] else OPTIONS["path"]
                    browser = await playwright.chromium.launch(executable_path=path)
                    page = await browser.new_page()
                    await expect_isolation(page).not_to_be_isolated()
                    await browser.close()
                return "done"

            assert asyncio.run(own()) == "done"


        def test_another_loop():
            assert asyncio.run(asyncio.sleep(0, "slept")) == "slept"
    """)
    result = run(pytester, "--isolab-engine", chromium.name)
    result.assert_outcomes(passed=4)


def test_nothing_of_isolab_is_imported_where_nobody_needs_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_it():
            own = {name for name in sys.modules if name.startswith("isolab")}
            assert own == {"isolab", "isolab.pytest_plugin", "isolab.pytest_plugin.options"}
    """)
    run(pytester, "-p", "no:playwright").assert_outcomes(passed=1)
