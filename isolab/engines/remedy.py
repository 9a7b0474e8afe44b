"""How to get an engine that is missing: the very commands, for the package managers that are known."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from isolab.engines.discover import FIREFOX_MINIMUM, too_old
from isolab.engines.system import apt_command, distribution, package_manager
from isolab.scenario.case import ENGINE_NAMES, EngineName

# Playwright's names of the builds that isolab drives.
TARGETS: Mapping[EngineName, str] = {"chromium": "chromium-headless-shell", "firefox": "firefox", "webkit": "webkit"}
# What shows windows: the shell has none.
_HEADED: Mapping[EngineName, str] = {**TARGETS, "chromium": "chromium"}

# Sets of Debian packages, the better one first; a set that a release does not have is passed over.
_DISPLAY = ("xvfb", "dbus")
_DEBIAN: Mapping[EngineName, tuple[tuple[str, ...], ...]] = {
    "chromium": (("chromium-headless-shell",), ("chromium",)),
    "firefox": (("firefox-esr",), ("firefox",)),
    "webkit": (("webkit2gtk-driver", *_DISPLAY), ("webkitgtk-webdriver", *_DISPLAY)),
}
_OTHERS: Mapping[str, Mapping[EngineName, str]] = {
    "dnf": {
        # Fedora's headless shell is on no PATH, and its MiniBrowser is in the package for developers.
        "chromium": "dnf install -y chromium",
        "firefox": "dnf install -y firefox",
        "webkit": "dnf install -y webkitgtk6.0-devel xorg-x11-server-Xvfb dbus-daemon",
    },
    "pacman": {
        "chromium": "pacman -S --needed chromium",
        "firefox": "pacman -S --needed firefox",
        "webkit": "pacman -S --needed webkitgtk-6.0 xorg-server-xvfb",
    },
    "brew": {
        "chromium": "brew install --cask google-chrome",
        "firefox": "brew install --cask firefox",
    },
}


class Named(Protocol):
    """Anything that is of an engine: what discovery found, or an engine ready to start."""

    @property
    def name(self) -> EngineName:
        """The engine's name."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """The ways to get `engine`, each a command for a shell, the better one first; `needs_root` is about the second.

    `by_install`: `isolab doctor --install` gets it as well.
    """

    engine: EngineName
    commands: tuple[str, ...]
    needs_root: bool
    why: str
    by_install: bool = True


def missing(
    found: Iterable[Named], names: Collection[EngineName] = ENGINE_NAMES, *, headed: bool = False
) -> list[Remedy]:
    """Return a remedy for each of `names` that is not among `found`, for this machine; `headed`: with windows."""
    here = {one.name for one in found}
    return [remedy(name, headed=headed) for name in ENGINE_NAMES if name in names and name not in here]


def remedy(name: EngineName, *, headed: bool = False) -> Remedy:
    """How to get one engine on this machine: Playwright's build, else the system's package where there is one."""
    system = _system_command(name, headed=headed)
    manager = package_manager()
    target = (_HEADED if headed else TARGETS)[name]
    by_install = target == TARGETS[name]
    commands = (_of_playwright(target), *system)
    return Remedy(name, commands, bool(system) and manager != "brew", _why(name, windows=not by_install), by_install)


def _of_playwright(target: str) -> str:
    """Its own build. Of the libraries that it needs it knows the packages where there is apt, and ends without it."""
    libraries = "--with-deps " if sys.platform != "linux" or package_manager() == "apt-get" else ""
    return f"python -m playwright install {libraries}{target}"


def debian_packages(name: EngineName) -> tuple[tuple[str, ...], ...]:
    """Return the sets of packages to try on a Debian-like system; empty where they would only bring a snap."""
    if distribution() == "ubuntu" and name != "webkit":
        return ()
    return _DEBIAN[name]


def _system_command(name: EngineName, *, headed: bool) -> tuple[str, ...]:
    manager = package_manager()
    if manager == "apt-get":
        # The last set is the one with windows.
        sets = debian_packages(name)[-1:] if headed and name == "chromium" else debian_packages(name)[:1]
        return tuple(map(apt_command, sets))
    command = _OTHERS.get(manager or "", {}).get(name)
    return (command,) if command else ()


def _why(name: EngineName, *, windows: bool) -> str:
    if windows:
        return f"--headed needs a {name} that has windows, and there is none here: the headless shell has no window"
    if name == "webkit":
        return "neither Playwright's WebKit nor WebKitGTK with WebKitWebDriver and Xvfb is here"
    if name == "firefox" and (old := too_old()):
        updates = ": are the security updates among apt's sources?" if package_manager() == "apt-get" else ""
        return f"{old.executable} is Firefox {old.version}, and it takes {FIREFOX_MINIMUM} or newer{updates}"
    if distribution() == "ubuntu":
        return f"Playwright's {name} is not here, and Ubuntu's package is a snap, which cannot be driven with a profile"
    return f"neither Playwright's {name} nor one of this system is here"
