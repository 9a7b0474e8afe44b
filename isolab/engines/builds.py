"""Playwright's own browser builds: where they are when they are installed, read without starting anything.

Source: the registry of Playwright, whose `browsers.json` names the revision of each build that a release wants.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from isolab.engines.machine import Machine

# Below a build's folder; `*` is the platform.
_EXECUTABLES: Mapping[str, tuple[str, ...]] = {
    "chromium": (
        "chrome-linux*/chrome",
        "chrome-mac*/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
        "chrome-win*/chrome.exe",
    ),
    "chromium-headless-shell": (
        "chrome-headless-shell-*/chrome-headless-shell",
        "chrome-headless-shell-*/chrome-headless-shell.exe",
    ),
    "firefox": ("firefox/firefox", "firefox/Nightly.app/Contents/MacOS/firefox", "firefox/firefox.exe"),
    "webkit": ("pw_run.sh", "Playwright.exe"),
}
# Playwright writes this file last: without it a download was cut short.
_COMPLETE = "INSTALLATION_COMPLETE"


@dataclass(frozen=True, slots=True)
class Build:
    """An installed build: Playwright's name for it, its revision, the browser's version ("" where not told)."""

    target: str
    revision: str
    version: str
    executable: Path


def driver_package() -> Path:
    """Return the folder of Playwright's driver. Raises ModuleNotFoundError where Playwright is not installed."""
    spec = importlib.util.find_spec("playwright")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("playwright is not installed", name="playwright")
    return Path(spec.origin).parent / "driver" / "package"


def registry_folder(machine: Machine) -> Path:
    """Return the folder where Playwright keeps its builds (PLAYWRIGHT_BROWSERS_PATH, or the user's cache)."""
    chosen = machine.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if chosen == "0":
        return driver_package() / ".local-browsers"
    if chosen:
        return Path(chosen).absolute()
    home = Path(machine.environ.get("HOME") or Path.home())
    caches = {
        "darwin": home / "Library" / "Caches",
        "win32": Path(machine.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"),
    }
    linux = Path(machine.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return caches.get(machine.platform, linux) / "ms-playwright"


def find_build(target: str, machine: Machine) -> Build | None:
    """Find the build of `target` (`chromium-headless-shell`, ...) that this Playwright wants, if it is really there."""
    for folder, revision, version in _wanted(target):
        path = registry_folder(machine) / folder
        executable = next((e for pattern in _EXECUTABLES[target] for e in sorted(path.glob(pattern))), None)
        if executable is not None and (path / _COMPLETE).exists():
            return Build(target, revision, version, executable)
    return None


def _wanted(target: str) -> Iterator[tuple[str, str, str]]:
    """Yield the folder names that fit, each with its revision and version: some systems get a revision of their own."""
    listed = json.loads((driver_package() / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    entry = next(browser for browser in listed if browser["name"] == target)
    for host, revision in entry.get("revisionOverrides", {}).items():
        yield f"{target}_{host}_special-{revision}".replace("-", "_", target.count("-") + host.count("-")), revision, ""
    yield f"{target.replace('-', '_')}-{entry['revision']}", entry["revision"], entry.get("browserVersion", "")
