"""Which engines this machine has: executables as data, found without starting a browser window.

Playwright's own builds come first (they are what its drivers are tested with), then the system's; an executable that
the environment names (ISOLAB_CHROMIUM, ISOLAB_FIREFOX, ISOLAB_WEBKIT) comes before both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from isolab.engines.builds import find_build
from isolab.engines.engine import DriverName, EngineError
from isolab.engines.machine import Machine
from isolab.engines.system import Run, run_command
from isolab.engines.versions import major, program_version, webkitgtk_version
from isolab.scenario.case import ENGINE_NAMES, EngineName

# Playwright drives a distribution's Firefox over WebDriver BiDi. Measured: ESR 140 refuses network.addDataCollector
# ("unknown command"), so that not even a page can be opened; ESR 153 knows it.
FIREFOX_MINIMUM = 143
_PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "chromium": ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "firefox": ("firefox-esr", "firefox"),
}
_MAC_APPS: Mapping[str, tuple[str, ...]] = {
    "chromium": (
        "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "firefox": ("Applications/Firefox.app/Contents/MacOS/firefox",),
}
_WEBKITGTK = ("webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0")
_WEBKITGTK_PLACES = ("usr/lib/*", "usr/libexec", "usr/lib", "usr/lib64")


@dataclass(frozen=True, slots=True)
class Found:
    """A browser on this machine. `bundled`: Playwright's own build; `origin`: where it comes from, in words.

    `version` is "" where it cannot be told without starting the browser. `helper` is the WebDriver program that
    drives the executable, "" where Playwright does.
    """

    name: EngineName
    driver: DriverName
    executable: str
    bundled: bool
    origin: str
    version: str = ""
    helper: str = ""


_NO_SCREEN = (
    "--headed needs a screen, and neither DISPLAY nor WAYLAND_DISPLAY names one: "
    "run it in a desktop session, or leave --headed out"
)


def discover(
    names: Collection[EngineName] | None = None,
    *,
    headed: bool = False,
    machine: Machine | None = None,
    run: Run = run_command,
) -> list[Found]:
    """Every browser found, preferred first within each name; `names` None: all names.

    Raises EngineError where an environment variable names an executable that is not there, and where windows are to be
    shown on a machine without a screen.
    """
    here = machine or Machine()
    if headed and not here.has_screen:
        raise EngineError(_NO_SCREEN)
    finders: Mapping[EngineName, Callable[[], Iterator[Found]]] = {
        "chromium": lambda: _chromium(here, headed, run),
        "firefox": lambda: _firefox(here, run),
        "webkit": lambda: _webkit(here, headed, run),
    }
    wanted = ENGINE_NAMES if names is None else [name for name in ENGINE_NAMES if name in names]
    # Nearly all of the time goes by waiting for `--version`.
    with ThreadPoolExecutor(max_workers=len(ENGINE_NAMES)) as pool:
        return list(chain.from_iterable(pool.map(lambda name: _distinct(finders[name]()), wanted)))


def _distinct(found: Iterator[Found]) -> list[Found]:
    """Without the second name of a program that was found before (Debian's `firefox` is a link to `firefox-esr`)."""
    programs: dict[Path, Found] = {}
    for one in found:
        programs.setdefault(Path(one.executable).resolve(), one)
    return list(programs.values())


def _chromium(machine: Machine, headed: bool, run: Run) -> Iterator[Found]:
    yield from _chosen("chromium", machine, run)
    targets = ("chromium",) if headed else ("chromium-headless-shell", "chromium")
    yield from _builds("chromium", targets, machine)
    yield from (f for f in _system("chromium", machine, run) if not (headed and "headless-shell" in f.executable))


def _firefox(machine: Machine, run: Run) -> Iterator[Found]:
    yield from _chosen("firefox", machine, run)
    yield from _builds("firefox", ("firefox",), machine)
    yield from (f for f in _system("firefox", machine, run) if major(f.version) >= FIREFOX_MINIMUM)


def too_old(*, machine: Machine | None = None, run: Run = run_command) -> Found | None:
    """A Firefox of the system that is there and passed over, as Playwright cannot drive it."""
    found = _system("firefox", machine or Machine(), run)
    return next((one for one in found if major(one.version) < FIREFOX_MINIMUM), None)


def _webkit(machine: Machine, headed: bool, run: Run) -> Iterator[Found]:
    chosen = machine.environ.get("ISOLAB_WEBKIT")
    if chosen and Path(chosen).name == "MiniBrowser":
        yield _own_webkitgtk(chosen, machine, run)
    else:
        yield from _chosen("webkit", machine, run)
    yield from _builds("webkit", ("webkit",), machine)
    driver = machine.which("WebKitWebDriver") or _first(machine, [f"{p}/WebKitWebDriver" for p in _webkitgtk_folders()])
    if driver and (machine.which("Xvfb") or headed):
        for browser in machine.glob([f"{folder}/MiniBrowser" for folder in _webkitgtk_folders()]):
            yield _webkitgtk(browser, driver, f"this system's {browser.parent.name}", run)


def _builds(name: EngineName, targets: Collection[str], machine: Machine) -> Iterator[Found]:
    for target in targets:
        build = find_build(target, machine)
        if build is not None:
            origin = f"Playwright's own build {build.revision} of {target}"
            yield Found(name, "playwright", str(build.executable), True, origin, build.version)


def _chosen(name: EngineName, machine: Machine, run: Run) -> Iterator[Found]:
    variable = f"ISOLAB_{name.upper()}"
    path = machine.environ.get(variable)
    if path:
        _must_run(variable, path)
        yield Found(name, "playwright", path, False, variable, _version(path, machine, run))


def _version(path: str, machine: Machine, run: Run) -> str:
    # A Windows browser opens a window when it is asked for its version, and Playwright's WebKit has no such option.
    if machine.platform == "win32" or Path(path).name == "pw_run.sh":
        return ""
    return program_version(path, run)


def _must_run(variable: str, path: str) -> None:
    if not (Path(path).is_file() and os.access(path, os.X_OK)):
        raise EngineError(f"{variable} names {path}, which is not a program: correct it, or unset {variable}")


def _system(name: EngineName, machine: Machine, run: Run) -> Iterator[Found]:
    """Programs of the distribution that say their version; a program that cannot even do that is of no use."""
    if machine.platform == "win32":
        return
    programs = (machine.which(program) for program in _PROGRAMS[name])
    apps = (str(path) for path in machine.glob(_MAC_APPS[name])) if machine.platform == "darwin" else ()
    for path in (*filter(None, programs), *apps):
        version = "" if _is_snap(Path(path)) else program_version(path, run)
        if version:
            yield Found(name, "playwright", path, False, f"this system's {Path(path).name}", version)


def _is_snap(path: Path) -> bool:
    """Whether a snap stands behind the program: it is confined and cannot read a profile that a driver makes."""
    if path.parent == Path("/snap/bin") or path.resolve().name == "snap":
        return True
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        # It may be run and not read.
        return False
    return start.startswith(b"#!") and b"/snap/" in start


def _webkitgtk_folders() -> list[str]:
    return [f"{place}/{folder}" for folder in _WEBKITGTK for place in _WEBKITGTK_PLACES]


def _webkitgtk(browser: Path, driver: str, origin: str, run: Run) -> Found:
    version = webkitgtk_version(browser.parent.name, run)
    return Found("webkit", "webdriver", str(browser), False, origin, version, driver)


def _own_webkitgtk(path: str, machine: Machine, run: Run) -> Found:
    _must_run("ISOLAB_WEBKIT", path)
    beside = Path(path).with_name("WebKitWebDriver")
    driver = str(beside) if beside.is_file() else machine.which("WebKitWebDriver")
    if driver is None:
        raise EngineError(f"ISOLAB_WEBKIT names {path}, but WebKitWebDriver is neither beside it nor on PATH")
    return _webkitgtk(Path(path), driver, "ISOLAB_WEBKIT", run)


def _first(machine: Machine, patterns: list[str]) -> str | None:
    return next((str(path) for path in machine.glob(patterns)), None)
