"""The browsers of a test process, on a thread and an event loop of their own: tests may be sync or async."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from functools import partial

from isolab.engines.engine import Engine
from isolab.runner.events import Listener
from isolab.runner.live import LiveRun
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult, EngineInfo
from isolab.scenario.case import Case, EngineName

Answer = Future[CaseResult]


class House:
    """Begun with the first case; `close` ends every browser, the lab and the thread.

    `listener` is called on that thread, before whoever asked for a case has its answer.
    """

    def __init__(self, engines: Iterable[Engine], options: RunOptions, listener: Listener | None = None) -> None:
        self._live = LiveRun(engines, options, listener)
        self._begun: Future[asyncio.AbstractEventLoop] = Future()
        self._end: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def fly(self, cases: Sequence[Case], engine: EngineName) -> list[Answer]:
        """Have cases run side by side; an answer raises EngineError where the engine is not to be had."""
        loop = self._loop()
        answers: list[Answer] = [Future() for _ in cases]

        def begin() -> None:
            for answer, flown in zip(answers, self._live.fly(cases, engine), strict=True):
                flown.add_done_callback(partial(_pass_on, answer))

        loop.call_soon_threadsafe(begin)
        return answers

    def info(self, engine: EngineName) -> EngineInfo | None:
        """What is known of an engine that has run a case."""
        return self._live.engines.get(engine)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be noted of all that has run: artifacts that could not be kept, a case that was flown anew."""
        return self._live.notes

    def close(self) -> None:
        """End everything; cases that are still running are given up."""
        if self._thread is None:
            return
        loop = self._begun.result()
        loop.call_soon_threadsafe(self._let_end)
        self._thread.join()
        self._thread = None

    def _let_end(self) -> None:
        if self._end:
            self._end.set()

    def _loop(self) -> asyncio.AbstractEventLoop:
        if self._thread is None:
            self._thread = threading.Thread(target=self._live_here, name="isolab", daemon=True)
            self._thread.start()
        return self._begun.result()

    def _live_here(self) -> None:
        try:
            asyncio.run(self._stay())
        except BaseException as error:  # noqa: BLE001  told on the thread of the test that waits for it
            if not self._begun.done():
                self._begun.set_exception(error)

    async def _stay(self) -> None:
        self._end = asyncio.Event()
        async with self._live:
            self._begun.set_result(asyncio.get_running_loop())
            await self._end.wait()
            self._live.give_up()


def _pass_on(answer: Answer, done: asyncio.Future[CaseResult]) -> None:
    if done.cancelled():
        answer.cancel()
    elif error := done.exception():
        answer.set_exception(error)
    else:
        answer.set_result(done.result())
