"""The live part of the terminal report: for each engine a bar, counts, and the case that runs now."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from isolab.reports.tally import Tally
from isolab.reports.words import LABELS, one_line
from isolab.runner.result import OUTCOMES
from isolab.scenario.case import EngineName

_NARROW = 72


class LiveProgress:
    """A progress display for as long as it is entered; what is printed on the same console goes above it."""

    def __init__(self, console: Console, total: Mapping[EngineName, int]) -> None:
        self._progress = Progress(*_columns(console.width), console=console, transient=True, expand=True)
        self._tasks: dict[EngineName, TaskID] = {
            name: self._progress.add_task(name, total=count, now="starting", counts="") for name, count in total.items()
        }

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._progress.stop()

    def now(self, engine: EngineName, what: str) -> None:
        """Say what the engine does now."""
        if engine in self._tasks:
            self._progress.update(self._tasks[engine], now=one_line(what))

    def advance(self, engine: EngineName, tally: Tally) -> None:
        """One case of the engine is done; the tally has counted it."""
        if engine in self._tasks:
            counts = tally.counts(engine)
            told = ", ".join(f"{counts[outcome]} {LABELS[outcome]}" for outcome in OUTCOMES if counts[outcome])
            self._progress.update(self._tasks[engine], advance=1, counts=told)


def _columns(width: int) -> list[TextColumn | BarColumn | MofNCompleteColumn | TimeElapsedColumn]:
    """Text is never read as markup. A narrow terminal goes without the bar and the case's name."""
    name = TextColumn("{task.description}", markup=False)
    counts = TextColumn("{task.fields[counts]}", markup=False, table_column=_cropped(1))
    if width < _NARROW:
        return [name, MofNCompleteColumn(), counts]
    now = TextColumn("{task.fields[now]}", markup=False, style="dim", table_column=_cropped(2))
    return [name, BarColumn(bar_width=20), MofNCompleteColumn(), TimeElapsedColumn(), counts, now]


def _cropped(ratio: int) -> Column:
    return Column(ratio=ratio, no_wrap=True, overflow="ellipsis")
