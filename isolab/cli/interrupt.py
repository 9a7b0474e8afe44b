"""Ctrl-C: the first asks the run to clean up, the second kills what the run has started. Nothing is left behind.

One that comes while the loop has not heard the one before finds a loop that is stuck, and breaks it off.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from types import FrameType, TracebackType
from typing import Self

import psutil

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """While entered, SIGINT and SIGTERM cancel the watched coroutine; `told` is called once, in the event loop."""

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told
        self._count = 0
        self._unheard = False
        self._task: asyncio.Task[object] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._children: set[psutil.Process] = set()
        self._before: dict[signal.Signals, object] = {}

    @property
    def happened(self) -> bool:
        """Whether there was at least one."""
        return self._count > 0

    @property
    def forced(self) -> bool:
        """Whether the clean-up was cut short: what failed then failed because it was killed."""
        return self._count > 1

    def __enter__(self) -> Self:
        # Only the main thread may have signal handlers; elsewhere whoever embeds isolab cancels it.
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._caught) for number in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal gave, it takes
        if self.forced:
            self._kill()

    async def watch(self, work: Coroutine[object, object, None]) -> None:
        """Await the work; an interruption cancels it. Raises CancelledError then, KeyboardInterrupt if it was stuck."""
        self._task, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        if self._count and self._task is not None:
            self._task.cancel()
        await work

    def _caught(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        self._children |= _descendants()
        if self.forced:
            self._kill()
        if self._task is None or self._loop is None or self._loop.is_closed():
            return
        stuck, self._unheard = self._unheard, True
        # Not from here: the signal may have come in the middle of a print.
        self._loop.call_soon_threadsafe(self._hear, self._task, self._count == 1)
        if stuck:
            raise KeyboardInterrupt

    def _hear(self, task: asyncio.Task[object], first: bool) -> None:
        self._unheard = False
        if first:
            self._told()
        task.cancel()

    def _kill(self) -> None:
        """Kill every process that this one has started, also those whose own parent is gone by now."""
        for process in self._children | _descendants():
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue


def _descendants() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))
