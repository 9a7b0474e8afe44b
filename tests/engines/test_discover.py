from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from command_recorder import Recorder

from isolab.engines import builds
from isolab.engines.discover import Found, discover, too_old
from isolab.engines.engine import EngineError
from isolab.engines.machine import Machine
from isolab.engines.system import Ran
from isolab.engines.versions import major, program_version

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs are made up as shell scripts")

VERSION = "9.8.7"


def program(path: Path, says: str = VERSION) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho Browser {says}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A Linux machine that has no browser at all."""
    environ = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home")}
    return Machine(platform="linux", environ=environ, root=tmp_path)


def having(machine: Machine, **more: str) -> Machine:
    return Machine(machine.platform, {**machine.environ, **more}, machine.root)


def bundle(machine: Machine, target: str, executable: str, complete: bool = True) -> Path:
    listed = json.loads((builds.driver_package() / "browsers.json").read_text())["browsers"]
    revision = next(one["revision"] for one in listed if one["name"] == target)
    folder = machine.root / f"home/.cache/ms-playwright/{target.replace('-', '_')}-{revision}"
    path = program(folder / executable)
    if complete:
        (folder / "INSTALLATION_COMPLETE").touch()
    return path


def paths(found: list[Found]) -> list[str]:
    return [one.executable for one in found]


def webkitgtk(machine: Machine) -> Path:
    program(machine.root / "bin/WebKitWebDriver")
    return program(machine.root / "usr/lib/some-linux-gnu/webkit2gtk-4.1/MiniBrowser")


def test_a_bare_machine_has_nothing(bare: Machine) -> None:
    assert discover(machine=bare) == []


def test_playwrights_own_build_comes_before_the_systems(bare: Machine) -> None:
    system = program(bare.root / "bin/chromium")
    shell = program(bare.root / "bin/chromium-headless-shell")
    own = bundle(bare, "chromium-headless-shell", "chrome-headless-shell-linux64/chrome-headless-shell")
    found = discover(["chromium"], machine=bare)
    assert paths(found) == [str(own), str(shell), str(system)]
    assert [one.bundled for one in found] == [True, False, False]
    assert found[1].version == VERSION


@pytest.mark.parametrize(
    ("target", "name", "executable"),
    [
        ("firefox", "firefox", "firefox/firefox"),
        ("webkit", "webkit", "pw_run.sh"),
        ("chromium", "chromium", "chrome-linux64/chrome"),
    ],
)
def test_every_build_of_playwright_is_known(bare: Machine, target: str, name: str, executable: str) -> None:
    own = bundle(bare, target, executable)
    (found,) = discover(machine=bare)
    assert (found.name, found.driver, found.executable, found.bundled) == (name, "playwright", str(own), True)
    assert found.version.split(".")[0].isdigit()


def test_a_download_that_was_cut_short_does_not_count(bare: Machine) -> None:
    bundle(bare, "firefox", "firefox/firefox", complete=False)
    assert discover(machine=bare) == []


def test_a_build_of_another_release_of_playwright_does_not_count(bare: Machine) -> None:
    own = bundle(bare, "firefox", "firefox/firefox")
    folder = own.parents[1]
    folder.rename(folder.with_name("firefox-1"))
    assert discover(machine=bare) == []


def test_builds_are_looked_for_where_the_environment_says(bare: Machine) -> None:
    bundle(bare, "firefox", "firefox/firefox")
    moved = bare.root / "elsewhere"
    (bare.root / "home/.cache/ms-playwright").rename(moved)
    assert discover(machine=bare) == []
    (found,) = discover(machine=having(bare, PLAYWRIGHT_BROWSERS_PATH=str(moved)))
    assert found.executable.startswith(str(moved))


def test_an_own_executable_comes_first(bare: Machine) -> None:
    program(bare.root / "bin/firefox", "200.1")
    own = program(bare.root / "built/firefox", "7.1")
    found = discover(["firefox"], machine=having(bare, ISOLAB_FIREFOX=str(own)))
    assert (found[0].executable, found[0].version, found[0].origin) == (str(own), "7.1", "ISOLAB_FIREFOX")
    assert len(found) == 2


@pytest.mark.parametrize("name", ["CHROMIUM", "FIREFOX", "WEBKIT"])
def test_an_own_executable_that_is_not_there_is_an_error_and_names_the_variable(bare: Machine, name: str) -> None:
    with pytest.raises(EngineError, match=rf"ISOLAB_{name} .*nowhere"):
        discover(machine=having(bare, **{f"ISOLAB_{name}": str(bare.root / "nowhere")}))


def test_a_firefox_too_old_for_playwright_is_passed_over(bare: Machine) -> None:
    program(bare.root / "bin/firefox-esr", "140.12.0esr")
    new = program(bare.root / "bin/firefox", "153.0")
    assert paths(discover(machine=bare)) == [str(new)]
    passed_over = too_old(machine=bare)
    assert passed_over is not None
    assert passed_over.version.startswith("140.12.0")


def test_a_second_name_of_the_same_program_is_not_a_second_browser(bare: Machine) -> None:
    esr = program(bare.root / "bin/firefox-esr", "153.0")
    (bare.root / "bin/firefox").symlink_to(esr)
    assert paths(discover(machine=bare)) == [str(esr)]


def test_a_program_that_cannot_say_its_version_is_of_no_use(bare: Machine) -> None:
    program(bare.root / "bin/chromium").write_text("#!/bin/sh\nexit 1\n")
    assert discover(machine=bare) == []


def test_a_snap_is_not_a_browser_that_can_be_driven(bare: Machine) -> None:
    snap = program(bare.root / "usr/bin/snap")
    (bare.root / "bin").mkdir()
    (bare.root / "bin/chromium").symlink_to(snap)
    program(bare.root / "bin/chromium-browser").write_text(f"#!/bin/sh\n# {VERSION}\nexec /snap/bin/chromium\n")
    assert discover(machine=bare) == []


def test_a_program_that_may_be_run_and_not_read_is_found(bare: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(bare.root / "bin/chromium")
    opened = Path.open

    def closed(self: Path, *given: Any, **more: Any) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *given, **more)

    monkeypatch.setattr(Path, "open", closed)
    assert paths(discover(["chromium"], machine=bare)) == [str(path)]


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ("Mozilla Firefox 153.8.0esr", "153.8.0"),
        ("(firefox:1): Gtk-WARNING **: 15:12.123: cannot open display 10.0\nMozilla Firefox 153.8.0", "153.8.0"),
        ("[1:1:1130/101010.123456:ERROR:x.cc(1)] no\nGoogle Chrome for Testing 156.0.8078.108 ", "156.0.8078.108"),
        ("Built by 7.1", "7.1"),
        ("none", ""),
    ],
)
def test_a_version_is_the_number_behind_the_browser_s_name(output: str, version: str) -> None:
    assert program_version("x", lambda command, *_: Ran(tuple(command), 0, output)) == version


def test_webkitgtk_needs_its_driver_and_xvfb(bare: Machine) -> None:
    browser = webkitgtk(bare)
    assert discover(machine=bare) == []
    program(bare.root / "bin/Xvfb")
    (found,) = discover(machine=bare)
    assert (found.executable, found.driver, found.name) == (str(browser), "webdriver", "webkit")
    assert found.helper == str(bare.root / "bin/WebKitWebDriver")
    (bare.root / "bin/WebKitWebDriver").unlink()
    assert discover(machine=bare) == []


def test_headed_webkitgtk_takes_the_persons_screen_for_xvfb(bare: Machine) -> None:
    webkitgtk(bare)
    assert discover(machine=having(bare, DISPLAY=":0")) == []
    assert len(discover(machine=having(bare, DISPLAY=":0"), headed=True)) == 1


def test_fedora_keeps_webkitgtk_and_its_driver_in_libexec(bare: Machine) -> None:
    program(bare.root / "bin/Xvfb")
    driver = program(bare.root / "usr/libexec/webkitgtk-6.0/WebKitWebDriver")
    browser = program(bare.root / "usr/libexec/webkitgtk-6.0/MiniBrowser")
    (found,) = discover(machine=bare)
    assert (found.executable, found.helper) == (str(browser), str(driver))


def test_a_webkitgtk_of_ones_own_takes_the_driver_beside_it(bare: Machine) -> None:
    browser = program(bare.root / "built/MiniBrowser")
    chosen = having(bare, ISOLAB_WEBKIT=str(browser))
    with pytest.raises(EngineError, match="WebKitWebDriver"):
        discover(machine=chosen)
    driver = program(bare.root / "built/WebKitWebDriver")
    (found,) = discover(machine=chosen)
    assert (found.executable, found.helper, found.driver) == (str(browser), str(driver), "webdriver")


def test_the_version_of_webkitgtk_is_asked_from_its_library(bare: Machine) -> None:
    webkitgtk(bare)
    program(bare.root / "bin/Xvfb")
    run = Recorder(output="2.50.6\n")
    (found,) = discover(machine=bare, run=run)
    assert found.version == "2.50.6"
    assert run.commands[0][-1] == "libwebkit2gtk-4.1.so.0"
    assert not any("MiniBrowser" in word for command in run.commands for word in command)


def test_headed_chromium_is_not_the_headless_shell(bare: Machine) -> None:
    program(bare.root / "bin/chromium-headless-shell")
    full = program(bare.root / "bin/chromium")
    assert paths(discover(machine=having(bare, DISPLAY=":0"), headed=True)) == [str(full)]


def test_windows_cannot_be_shown_without_a_screen(bare: Machine) -> None:
    with pytest.raises(EngineError, match="--headed needs a screen, and neither DISPLAY nor WAYLAND_DISPLAY"):
        discover(machine=bare, headed=True)
    assert discover(machine=having(bare, WAYLAND_DISPLAY="wayland-0"), headed=True) == []


def test_macos_applications_are_found(bare: Machine) -> None:
    mac = Machine("darwin", bare.environ, bare.root)
    path = program(bare.root / "Applications/Firefox.app/Contents/MacOS/firefox", "153.0")
    assert paths(discover(machine=mac)) == [str(path)]
    assert discover(machine=bare) == []


def test_names_choose_and_the_order_is_always_the_same(bare: Machine) -> None:
    program(bare.root / "bin/firefox", "153.0")
    program(bare.root / "bin/chromium")
    assert [one.name for one in discover(["firefox"], machine=bare)] == ["firefox"]
    assert [one.name for one in discover(["firefox", "chromium"], machine=bare)] == ["chromium", "firefox"]


def test_versions_that_are_no_numbers_count_as_zero() -> None:
    assert [major(text) for text in ("153.7.0", "", "nightly.1")] == [153, 0, 0]
