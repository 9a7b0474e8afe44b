"""The plugin beside others: pytest-playwright, xdist, a user's own event loops; and beside nothing."""

from __future__ import annotations

import json

import pytest
from own_app import COOP, OwnApp
from real_engines import engine_named
from user_project import run, scenario, with_browsers

from isolab.engines.engine import Engine

pytestmark = pytest.mark.browser


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
    result = run(pytester, *(word for name in own_engines for word in ("--browser", name)))
    skipped = own_engines.count("firefox")
    result.assert_outcomes(passed=4 * len(own_engines) - skipped, skipped=skipped)
    result.stdout.no_fnmatch_line("*webkit*")
    name = own_engines[-1]
    passed = run(pytester, "--browser", name).parseoutcomes()["passed"]
    assert passed == 4 - (name == "firefox")


def test_webkit_is_obeyed_also_where_playwright_has_none(pytester: pytest.Pytester) -> None:
    engine_named("webkit")
    scenario(pytester)
    result = run(pytester, "--browser", "webkit")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*::coop=same-origin[[]webkit[]]*"])
    result.stdout.no_fnmatch_line("*firefox*")


def test_an_engine_without_playwright_joins(pytester: pytest.Pytester, app: OwnApp, engine: Engine) -> None:
    """pytest-playwright's tests stay in its browser, isolab's run in the engine that is asked for, WebKitGTK too."""
    with_browsers(pytester, "chromium")
    pytester.makepyfile(f"""
        def test_page(page, browser_name):
            page.goto({app.page("hello")!r})
            assert browser_name == "chromium"

        def test_lab(isolab_lab, isolab_engine):
            lab = isolab_lab()
            lab.page("app", coop="same-origin")
            lab.open("app").expect({{"isSecureContext": True}})
            assert isolab_engine == {engine.name!r}
    """)
    result = run(pytester, "--browser", "chromium", "--isolab-engine", engine.name)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([f"*::test_lab[[]{engine.name}[]] PASSED*"])


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


def test_a_page_and_a_lab_in_one_test_run_in_one_browser(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        def test_both(isolab_engine, browser_name):
            assert isolab_engine == browser_name
    """)
    result = run(pytester, "--browser", "chromium", "--browser", "firefox")
    result.assert_outcomes(passed=2)


def test_a_lab_beside_a_page_runs_in_the_pages_browser_whatever_isolab_is_asked_for(
    pytester: pytest.Pytester, chromium: Engine, app: OwnApp
) -> None:
    with_browsers(pytester, chromium.name)
    pytester.makepyfile(f"""
        def test_both(page, isolab_lab, isolab_engine):
            page.goto({app.page("hello")!r})
            lab = isolab_lab()
            lab.page("app")
            lab.open("app").expect({{"isSecureContext": True}})
            assert isolab_engine == "chromium"
    """)
    run(pytester, "--isolab-engine", "firefox").assert_outcomes(passed=1)


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


HIDDEN = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pytest_playwright", "xdist", "pytest_asyncio", "pytest_base_url"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden())
"""


def test_where_nothing_but_pytest_and_isolab_is_installed(
    pytester: pytest.Pytester, chromium: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario(pytester)
    pytester.makeconftest(HIDDEN)
    pytester.makepyfile("""
        import sys
        from isolab.expect import expect_isolation

        def test_alone(isolab_lab):
            lab = isolab_lab()
            lab.page("app")
            expect_isolation(lab.open("app")).not_to_be_isolated()
            assert not {"pytest_playwright", "xdist", "pytest_asyncio"} & set(sys.modules)
    """)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    result = pytester.runpytest_subprocess("-v", "-p", "isolab.pytest_plugin", "--isolab-engine", chromium.name)
    result.assert_outcomes(passed=3)


def test_nothing_of_isolab_is_imported_where_nobody_needs_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_it():
            own = {name for name in sys.modules if name.startswith("isolab")}
            assert own == {"isolab", "isolab.pytest_plugin", "isolab.pytest_plugin.options"}
    """)
    run(pytester, "-p", "no:playwright").assert_outcomes(passed=1)
