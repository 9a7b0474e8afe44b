"""A project whose Playwright has no browser is told how it comes by one."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from isolab.engines.engine import Engine
from isolab.pytest_plugin.builds import advice, is_missing
from isolab.scenario.case import ENGINE_NAMES, EngineName


def found(name: EngineName, driver: str = "playwright") -> dict[EngineName, Engine]:
    return {name: Engine(name, "1", driver, f"/usr/bin/{name}", False, "system", lambda _: pytest.fail("started"))}  # type: ignore[arg-type]


def test_a_browser_of_the_distribution_is_offered_as_a_conftest() -> None:
    told = advice("chromium", found("chromium"))
    assert "`playwright install chromium` gets it" in told
    conftest = told[told.index("import pytest") :]
    scope: dict[str, object] = {}
    exec(compile(conftest, "conftest.py", "exec"), scope)
    assert "browser_type_launch_args" in scope
    assert "'executable_path': '/usr/bin/chromium'" in conftest


def test_it_serves_every_browser_that_was_found_and_leaves_the_others_as_they_are() -> None:
    told = advice("firefox", found("chromium") | found("firefox") | found("webkit", "webdriver"))
    scope: dict[str, Any] = {}
    exec(compile(told[told.index("import pytest") :], "conftest.py", "exec"), scope)
    launch = inspect.unwrap(scope["browser_type_launch_args"])
    launch = getattr(launch, "_fixture_function", launch)
    assert launch({"slow_mo": 1}, "chromium") == {"slow_mo": 1, "executable_path": "/usr/bin/chromium"}
    assert launch({}, "firefox") == {"executable_path": "/usr/bin/firefox", "channel": "moz-firefox"}
    assert launch({"slow_mo": 1}, "webkit") == {"slow_mo": 1}


def test_a_firefox_needs_the_channel_of_bidi() -> None:
    assert "'channel': 'moz-firefox'" in advice("firefox", found("firefox"))


def test_one_that_playwright_cannot_drive_is_reached_by_the_lab() -> None:
    assert advice("webkit", found("webkit", "webdriver")).endswith("take the fixture `isolab_lab`.")


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("/nowhere/ms-playwright/chromium-1/chrome-linux/chrome", True),
        ("/nowhere/ms-playwright/ffmpeg-1011/ffmpeg-linux", False),
    ],
)
def test_what_makes_videos_is_no_browser(path: str, *, missing: bool) -> None:
    assert is_missing(Exception(f"BrowserType.launch: Executable doesn't exist at {path}\nRun it")) is missing


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_without_any_the_command_is_told(name: EngineName) -> None:
    assert advice(name, {}).endswith(f"`playwright install {name}` gets it.")


def test_the_failure_of_a_test_says_so(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        from playwright.sync_api import Error

        @pytest.fixture(scope="session")
        def browser(browser_name):
            raise Error("BrowserType.launch: Executable doesn't exist at /nowhere/x")

        @pytest.mark.parametrize("browser_name", ["firefox", "webkit"], scope="session")
        def test_it(browser):
            pass

        class Wordless(Exception):
            def __str__(self):
                raise RuntimeError("no words")

        def test_wordless():
            raise Wordless
    """)
    ran = pytester.runpytest("-p", "no:playwright", "-p", "no:asyncio")
    ran.assert_outcomes(errors=2, failed=1)
    for name in ("firefox", "webkit"):
        ran.stdout.fnmatch_lines(["*- isolab -*", f"*own build of {name} is not on this machine*"])
