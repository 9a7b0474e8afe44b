"""The engines of this machine, ready to start: what discovery found, each with the driver that starts it."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

from isolab.engines import playwright
from isolab.engines.discover import Found, discover
from isolab.engines.engine import Engine, Launch, Session
from isolab.engines.home import need_home
from isolab.scenario.case import EngineName

FIREFOX_PREFERENCES: Mapping[str, bool | int | str] = {
    # A flow's `popup` step opens without a click.
    "dom.disable_open_during_load": False,
}

TABS_ONLY: Mapping[str, bool | int | str] = {
    # `window.open` with features opens a tab, as it does without them. Opener links do not depend on it, and Playwright
    # lets timers and frames of hidden pages run on; but the opener's visibilityState is `hidden` meanwhile. A window of
    # the browser's own takes 0.3 s of its main thread and is never given back (measured, 153: 8 MB each, 3.4 GB after
    # the whole catalogue).
    "browser.link.open_newwindow.restriction": 0,
}


def find_engines(names: Collection[EngineName] | None = None, *, headed: bool = False) -> list[Engine]:
    """The preferred build of each engine that is here (of `names`, if given), in the order of ENGINE_NAMES."""
    engines: dict[EngineName, Engine] = {}
    for found in discover(names, headed=headed):
        if found.name not in engines:
            engines[found.name] = as_engine(found)
    return list(engines.values())


def as_engine(found: Found) -> Engine:
    """An engine that can be started."""
    return Engine(
        name=found.name,
        version=found.version,
        driver=found.driver,
        executable=found.executable,
        bundled=found.bundled,
        origin=found.origin,
        start=partial(_start, found),
    )


def _start(found: Found, launch: Launch) -> AbstractAsyncContextManager[Session]:
    if found.driver == "webdriver":
        # Here and not above: importing selenium takes time, for which whoever runs other engines alone need not wait.
        from isolab.engines import webdriver

        return webdriver.start(found.helper, found.executable, launch)
    options: dict[str, Any] = {"handle_sigint": False, "handle_sigterm": False, "handle_sighup": False}
    if not found.bundled:
        options["executable_path"] = found.executable
    if found.name == "chromium":
        options |= _chromium(found, launch)
    elif found.name == "firefox":
        options |= _firefox(found, launch)
    return playwright.start(found.name, options, launch)


def _firefox(found: Found, launch: Launch) -> dict[str, Any]:
    # Playwright's own build has another driver, with its own way of opening windows.
    tabs = {} if found.bundled or launch.headed else TABS_ONLY
    options: dict[str, Any] = {"firefox_user_prefs": {**FIREFOX_PREFERENCES, **tabs, **launch.firefox_preferences}}
    if not found.bundled:
        options["channel"] = "moz-firefox"
        if sys.platform == "linux":
            need_home(os.environ)
    return options


def _chromium(found: Found, launch: Launch) -> dict[str, Any]:
    # The lab's certificates count as proper ones: service workers, caches and reports work as on a real site.
    # Reports are sent in a second and not in a minute.
    arguments = [f"--ignore-certificate-errors-spki-list={launch.spki}", "--short-reporting-delay"]
    if not launch.headed:
        # Fewer processes to talk to; what they do is the same. A sixth of all the work (measured).
        arguments += ["--in-process-gpu", "--enable-features=NetworkServiceInProcess2"]
    options: dict[str, Any] = {"args": arguments}
    if "headless" not in Path(found.executable).name:
        # The full browser's own headless mode; without this word Playwright starts its shell, which may not be here.
        options["channel"] = "chromium"
    return options
