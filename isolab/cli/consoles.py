"""The console that people read."""

from __future__ import annotations

import os

from rich.console import Console

_PIPE_WIDTH = 120


def for_people(*, stderr: bool = False) -> Console:
    """Make the console. A pipe or log has no width of its own: wide enough for the table, unless COLUMNS says."""
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.file.isatty() and "COLUMNS" not in os.environ:
        console.width = _PIPE_WIDTH
    return console
