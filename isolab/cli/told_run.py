"""A run that people are told of: what the terminal listener cannot say any more is said all the same."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from isolab.cli.consoles import for_people
from isolab.cli.execute import execute
from isolab.engines.engine import Engine
from isolab.reports.closing import least, print_all
from isolab.reports.tally import Tally
from isolab.reports.terminal import Ending, Loudness, Terminal
from isolab.runner.options import RunOptions
from isolab.scenario.case import Case


def told_run(
    cases: Sequence[Case],
    engines: Sequence[Engine],
    options: RunOptions,
    *,
    tally: Tally,
    console: Console,
    loudness: Loudness,
    ending: Ending | None = None,
) -> None:
    """Run the cases and tell it on the console; `tally` has the results then. `ending` as in `Terminal`."""
    terminal = Terminal(console, tally, loudness, ending)
    told = Text("interrupted: cleaning up (once more: kill the browsers)", "bold red")
    try:
        execute(cases, engines, options, tally=tally, listeners=[terminal], told=lambda: print_all(console, [told]))
    finally:
        terminal.close()
    say_least(terminal, tally, loudness)


def say_least(terminal: Terminal, tally: Tally, loudness: Loudness) -> None:
    """Say the least that must be said, on standard error, where the listener has crashed before it could."""
    if not terminal.ended:
        print_all(for_people(stderr=True), least(tally, verbose=loudness == "verbose"))
