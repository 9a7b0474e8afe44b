"""The console that people read, and notes on it."""

from __future__ import annotations

import os

from rich.console import Console
from rich.text import Text

from isolab.reports.closing import print_all
from isolab.reports.words import visible

_PIPE_WIDTH = 120


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Fall silent where nobody reads any more (`isolab run | head`): the run's files and exit code still count."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        # Python flushes the stream once more when it ends.
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def for_people(*, stderr: bool = False) -> Console:
    """Make the console. A pipe or log has no width of its own: wide enough for the table, unless COLUMNS says."""
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.file.isatty():
        console.is_interactive = False
        if "COLUMNS" not in os.environ:
            console.width = _PIPE_WIDTH
    return console


def note(message: str) -> None:
    """Say something that changes no outcome."""
    print_all(for_people(stderr=True), [Text(f"note: {visible(message)}")])
