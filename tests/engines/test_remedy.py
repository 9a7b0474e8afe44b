from __future__ import annotations

import sys

import pytest

from isolab.engines import remedy
from isolab.engines.discover import Found
from isolab.engines.remedy import TARGETS, missing
from isolab.scenario.case import ENGINE_NAMES, EngineName


def machine(monkeypatch: pytest.MonkeyPatch, manager: str | None, distribution: str = "") -> None:
    monkeypatch.setattr(remedy, "package_manager", lambda: manager)
    monkeypatch.setattr(remedy, "distribution", lambda: distribution)


def test_only_what_is_not_found_has_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "apt-get", "debian")
    found = [Found("firefox", "playwright", "x", False, "test")]
    assert [one.engine for one in missing(found)] == ["chromium", "webkit"]
    assert [one.engine for one in missing(found, ["webkit", "firefox"])] == ["webkit"]


@pytest.mark.parametrize("name", ENGINE_NAMES)
@pytest.mark.parametrize("manager", ["apt-get", "dnf", "pacman", "brew", None])
def test_every_remedy_begins_with_the_command_that_works_everywhere(
    monkeypatch: pytest.MonkeyPatch, name: EngineName, manager: str | None
) -> None:
    machine(monkeypatch, manager)
    (one,) = missing((), [name])
    # The libraries come along where Playwright knows how to get them; elsewhere it would end without the browser.
    libraries = "--with-deps " if manager == "apt-get" or sys.platform != "linux" else ""
    assert one.commands[0] == f"python -m playwright install {libraries}{TARGETS[name]}"
    # WebKit is no program of macOS's that a driver for Linux could use.
    own = manager is not None and (manager, name) != ("brew", "webkit")
    assert [manager in command for command in one.commands[1:] if manager] == [True] * own
    assert one.why


def test_for_windows_another_chromium_is_needed_and_no_other_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "apt-get", "debian")
    plain, headed = missing(()), missing((), headed=True)
    assert plain[1:] == headed[1:]
    (chromium, *_) = headed
    assert chromium.commands[0].endswith(" chromium")
    assert chromium.commands[1].endswith(" chromium")
    assert "the headless shell has no window" in chromium.why
    assert [one.by_install for one in headed] == [False, True, True]


def test_the_systems_command_needs_root_but_homebrew_must_not_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "dnf")
    assert [one.needs_root for one in missing(())] == [True, True, True]
    machine(monkeypatch, "brew")
    assert [one.needs_root for one in missing(())] == [False, False, False]


def test_ubuntu_offers_no_snap(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, "apt-get", "ubuntu")
    chromium, firefox, webkit = missing(())
    assert len(chromium.commands) == len(firefox.commands) == 1
    assert "snap" in chromium.why
    assert "webkit2gtk-driver" in webkit.commands[1]


@pytest.mark.parametrize(
    ("manager", "hint"), [("apt-get", "are the security updates among apt's sources?"), ("dnf", "")]
)
def test_a_firefox_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch, manager: str, hint: str) -> None:
    machine(monkeypatch, manager, "debian")
    old = Found("firefox", "playwright", "/usr/bin/firefox-esr", False, "this system's", "140.12.0esr")
    monkeypatch.setattr(remedy, "too_old", lambda: old)
    (one,) = missing((), ["firefox"])
    assert one.why.startswith("/usr/bin/firefox-esr is Firefox 140.12.0esr, and it takes 143 or newer")
    assert one.why.endswith(hint)
