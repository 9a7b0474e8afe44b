"""Runs one after the other in browsers that stay, each told as a run of its own."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from rich.console import Console

from isolab.cli.told_run import say_least
from isolab.engines.engine import Engine, EngineError
from isolab.reports.broadcast import Broadcast
from isolab.reports.tally import Tally
from isolab.reports.terminal import Loudness, Terminal
from isolab.runner.events import EngineFailed, EngineStarted, Event, RunFinished, RunStarted
from isolab.runner.live import LiveRun
from isolab.runner.options import RunOptions
from isolab.runner.result import EngineInfo
from isolab.scenario.case import Case, EngineName


class Rounds:
    """An async context manager that owns the browsers; `run` is one round."""

    def __init__(self, engines: Sequence[Engine], options: RunOptions, console: Console, loudness: Loudness) -> None:
        self._engines = engines
        self._options = options
        self._console = console
        self._loudness: Loudness = loudness
        self._live = LiveRun(engines, options, self._hear)
        self._broadcast = Broadcast(Tally(), [])
        self._known: dict[EngineName, EngineStarted | EngineFailed] = {}
        self._noted: set[str] = set()

    async def __aenter__(self) -> Self:
        """Begin. Raises PortError where no port is to be had."""
        await self._live.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._live.__aexit__(kind, error, trace)

    async def run(self, cases: Sequence[Case]) -> Tally:
        """Run the cases in every engine and tell it on the terminal; gives what it came to."""
        tally = Tally()
        terminal = Terminal(self._console, tally, self._loudness)
        self._broadcast = Broadcast(tally, [terminal])
        began = time.monotonic()
        interrupted = True
        try:
            self._begin(len(cases) * self._options.repeat)
            await self._fly(cases, tally)
            interrupted = False
        finally:
            self._broadcast(RunFinished(time.monotonic() - began, interrupted, None, self._new_notes()))
            terminal.close()
            say_least(terminal, tally, self._loudness)
        return tally

    def _begin(self, count: int) -> None:
        """Tell what is about to run; an engine that has been started stays, and is told of again."""
        infos = tuple(EngineInfo(e.name, e.version, e.driver, e.executable) for e in self._engines)
        self._broadcast(RunStarted(datetime.now(UTC), infos, {info.name: count for info in infos}))
        for event in self._known.values():
            self._broadcast(event)

    async def _fly(self, cases: Sequence[Case], tally: Tally) -> None:
        flown = [case for _ in range(self._options.repeat) for case in cases]
        answers = [answer for engine in self._engines for answer in self._live.fly(flown, engine.name)]
        for told in await asyncio.gather(*answers, return_exceptions=True):
            # That an engine is not to be had was an event.
            if isinstance(told, Exception) and not isinstance(told, EngineError):
                tally.defects.append("".join(traceback.format_exception(told)))

    def _hear(self, event: Event) -> None:
        if isinstance(event, EngineStarted | EngineFailed):
            self._known[event.engine.name] = event
        self._broadcast(event)

    def _new_notes(self) -> tuple[str, ...]:
        new = tuple(note for note in self._live.notes if note not in self._noted)
        self._noted.update(new)
        return new
