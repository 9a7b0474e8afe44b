"""The folders that Firefox wants in the person's home: without them it never comes so far that it can be driven."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from isolab.engines.engine import EngineError

_FOLDERS = {"XDG_CACHE_HOME": ".cache", "XDG_CONFIG_HOME": ".config"}
"""Variable -> the folder in the home where it is not set (XDG Base Directory Specification)."""


def need_home(environ: Mapping[str, str]) -> None:
    """Raise EngineError where Firefox could write nothing, as in a container whose user has no home.

    It says nothing itself: it runs, and no driver ever hears of it (measured: 153 of Debian, for either folder).
    """
    home = environ.get("HOME") or str(Path.home())
    for variable, name in _FOLDERS.items():
        folder = Path(environ.get(variable) or Path(home, name))
        # One that is not there yet is made, in the nearest that is.
        there = next(one for one in (folder, *folder.absolute().parents) if os.path.lexists(one))
        if not os.access(there, os.W_OK | os.X_OK):
            raise EngineError(
                f"Firefox would wait for ever: this user cannot write to {there}; "
                "set HOME to a folder of your own, such as one made by `mktemp -d`"
            )
