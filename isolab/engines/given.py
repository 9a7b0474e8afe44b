"""An engine by the path of its executable: a nightly, an Electron, an embedded WebKit."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from isolab.engines.discover import Found, discover
from isolab.engines.engine import EngineError
from isolab.engines.machine import Machine
from isolab.engines.system import Run, run_command
from isolab.engines.versions import TIMEOUT_S
from isolab.scenario.case import EngineName

_WORDS: dict[EngineName, tuple[str, ...]] = {
    "firefox": ("firefox", "librewolf", "mullvad"),
    "webkit": ("minibrowser", "webkit", "pw_run", "safari"),
    "chromium": ("chrom", "electron", "edge", "brave", "opera", "vivaldi", "headless-shell", "headless_shell"),
}
"""What the name of an executable, or what it says of its version, has in it."""


def find_given(
    path: str, name: EngineName | None = None, *, machine: Machine | None = None, run: Run = run_command
) -> Found:
    """Find the browser at a path. Raises EngineError where there is none, or `name` is None and nothing tells it."""
    if not (Path(path).is_file() and os.access(path, os.X_OK)):
        raise EngineError(f"{path} is not a program that can be run")
    which = name or _recognised(path, run)
    if which is None:
        raise EngineError(f"{path} does not say which engine it is: say it with -e chromium, -e firefox or -e webkit")
    here = machine or Machine()
    chosen = replace(here, environ={**here.environ, f"ISOLAB_{which.upper()}": path})
    return replace(discover([which], machine=chosen, run=run)[0], origin="given by its path")


def _recognised(path: str, run: Run) -> EngineName | None:
    """By the last part of its path, or by what it says when asked for its version."""
    tail = path.replace("\\", "/").rpartition("/")[2]
    return _by_words(tail) or _by_words(run((path, "--version"), TIMEOUT_S).output)


def _by_words(text: str) -> EngineName | None:
    return next((name for name, words in _WORDS.items() if any(word in text.lower() for word in words)), None)
