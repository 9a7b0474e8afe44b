from __future__ import annotations

from typing import Any

import pytest

from isolab.engines import registry
from isolab.engines.discover import Found
from isolab.engines.engine import EngineError, Launch


def found(name: str, version: str = "1", **more: Any) -> Found:
    values = {"driver": "playwright", "executable": f"/opt/{name}", "bundled": False, "origin": "made up", "helper": ""}
    return Found(name=name, version=version, **{**values, **more})  # type: ignore[arg-type]


LAUNCH = Launch(8080, "c3BraQ==", firefox_preferences={"a.b": False, "dom.disable_open_during_load": True})


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr("isolab.engines.playwright.start", lambda *given: calls.append(given))
    monkeypatch.setattr("isolab.engines.webdriver.start", lambda *given: calls.append(given))
    return calls


def options_of(started: list[tuple[Any, ...]], one: Found) -> dict[str, Any]:
    registry.as_engine(one).start(LAUNCH)
    name, options, launch = started[-1]
    assert (name, launch) == (one.name, LAUNCH)
    return dict(options)


def test_the_first_build_found_of_each_engine_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def discover(names: object, *, headed: bool) -> list[Found]:
        asked.append((names, headed))
        return [found("chromium", "2"), found("chromium", "1"), found("webkit", driver="webdriver")]

    monkeypatch.setattr(registry, "discover", discover)
    engines = registry.find_engines(["chromium", "webkit"], headed=True)
    assert [(e.name, e.version, e.driver) for e in engines] == [
        ("chromium", "2", "playwright"),
        ("webkit", "1", "webdriver"),
    ]
    assert asked == [(["chromium", "webkit"], True)]


@pytest.mark.parametrize("headed", [False, True])
def test_chromium_paints_in_its_own_process_where_nobody_looks(headed: bool, started: list[tuple[Any, ...]]) -> None:
    registry.as_engine(found("chromium")).start(Launch(1, "", headed=headed))
    assert ("--in-process-gpu" in started[-1][1]["args"]) is not headed


def test_chromium_s_pages_are_painted(started: list[tuple[Any, ...]]) -> None:
    # Without the compositor's thread the headless shell never calls back what requestAnimationFrame was given. That it
    # saves a fifth of all the work is the painting left out (measured).
    assert "--disable-threaded-compositing" not in options_of(started, found("chromium"))["args"]


def test_signals_are_isolab_s_own_business(started: list[tuple[Any, ...]]) -> None:
    options = options_of(started, found("chromium"))
    assert [options[f"handle_sig{name}"] for name in ("int", "term", "hup")] == [False] * 3


def test_chromium_trusts_the_authority_of_this_run(started: list[tuple[Any, ...]]) -> None:
    options = options_of(started, found("chromium", executable="/usr/bin/chromium-headless-shell"))
    assert "--ignore-certificate-errors-spki-list=c3BraQ==" in options["args"]
    assert options["executable_path"] == "/usr/bin/chromium-headless-shell"
    assert "channel" not in options


def test_a_full_chromium_runs_in_its_own_headless_mode(started: list[tuple[Any, ...]]) -> None:
    assert options_of(started, found("chromium", executable="/usr/bin/chromium"))["channel"] == "chromium"


def test_playwright_s_own_builds_need_no_path(started: list[tuple[Any, ...]]) -> None:
    for name, program in (("chromium", "chrome-headless-shell"), ("firefox", "firefox"), ("webkit", "pw_run.sh")):
        options = options_of(started, found(name, bundled=True, executable=f"/opt/{program}"))
        assert "executable_path" not in options
        assert "channel" not in options


def test_playwright_s_full_chromium_is_asked_for_by_its_name(started: list[tuple[Any, ...]]) -> None:
    # Playwright would start its shell, which `playwright install --no-shell chromium` leaves out.
    options = options_of(started, found("chromium", bundled=True, executable="/opt/chrome-linux64/chrome"))
    assert options["channel"] == "chromium"
    assert "executable_path" not in options


def test_firefox_opens_popups_without_a_click_unless_told_otherwise(started: list[tuple[Any, ...]]) -> None:
    options = options_of(started, found("firefox"))
    assert options["channel"] == "moz-firefox"
    assert options["firefox_user_prefs"] == {
        "dom.disable_open_during_load": True,
        "browser.link.open_newwindow.restriction": 0,
        "a.b": False,
    }
    registry.as_engine(found("firefox")).start(Launch(1, ""))
    assert started[-1][1]["firefox_user_prefs"]["dom.disable_open_during_load"] is False


def test_firefox_opens_windows_of_its_own_where_somebody_looks(started: list[tuple[Any, ...]]) -> None:
    # And Playwright's own build has another driver, with its own way of opening windows.
    for one, headed in ((found("firefox"), True), (found("firefox", bundled=True), False)):
        registry.as_engine(one).start(Launch(1, "", headed=headed))
        assert "browser.link.open_newwindow.restriction" not in started[-1][1]["firefox_user_prefs"]


def test_webkitgtk_is_driven_by_its_own_driver(started: list[tuple[Any, ...]]) -> None:
    one = found("webkit", driver="webdriver", helper="/usr/bin/WebKitWebDriver")
    registry.as_engine(one).start(LAUNCH)
    assert started == [("/usr/bin/WebKitWebDriver", "/opt/webkit", LAUNCH)]


@pytest.mark.parametrize(("platform", "bundled"), [("linux", False), ("linux", True), ("darwin", False)])
def test_the_system_s_firefox_wants_a_home(
    monkeypatch: pytest.MonkeyPatch, started: list[tuple[Any, ...]], platform: str, bundled: bool
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr("os.access", lambda path, mode: False)
    one = registry.as_engine(found("firefox", bundled=bundled))
    if platform == "linux" and not bundled:
        with pytest.raises(EngineError, match="cannot write"):
            one.start(LAUNCH)
    else:
        one.start(LAUNCH)
    assert bool(started) is (platform != "linux" or bundled)
