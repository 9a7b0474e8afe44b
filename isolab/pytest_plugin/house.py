"""The browsers of a test process, on a thread and an event loop of their own: tests may be sync or async."""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from functools import partial

from isolab.engines.engine import Engine
from isolab.lab.server import PortError
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
        self._failures: list[BaseException] = []

    def fly(self, cases: Sequence[Case], engine: EngineName) -> list[Answer]:
        """Have cases run side by side; an answer raises EngineError where the engine is not to be had."""
        loop = self._loop()
        answers: list[Answer] = [Future() for _ in cases]

        loop.call_soon_threadsafe(self._begin, cases, engine, answers)
        return answers

    def _begin(self, cases: Sequence[Case], engine: EngineName, answers: Sequence[Answer]) -> None:
        try:
            flights = self._live.fly(cases, engine)
        except Exception as error:  # noqa: BLE001  a defect of ours: it is told to those who wait
            self._failures.append(error)
            for answer in answers:
                answer.set_exception(error)
            return
        for answer, flown in zip(answers, flights, strict=True):
            flown.add_done_callback(partial(_pass_on, answer))

    def info(self, engine: EngineName) -> EngineInfo | None:
        """What is known of an engine that has run a case."""
        return self._live.engines.get(engine)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be noted of all that has run: artifacts that could not be kept, a case that was flown anew."""
        return self._live.notes

    @property
    def unavailable(self) -> tuple[str, ...]:
        """What was not to be had: engines that are not on this machine, a port for the lab."""
        return (*self._live.missing, *(str(error) for error in self._failures if isinstance(error, PortError)))

    @property
    def defects(self) -> tuple[str, ...]:
        """For each thing that went wrong in isolab itself its traceback."""
        own = (error for error in self._failures if not isinstance(error, PortError))
        return (*self._live.defects, *("".join(traceback.format_exception(error)) for error in own))

    def close(self) -> None:
        """End everything; cases that are still running are given up."""
        if self._thread is None:
            return
        # Where it could not begin, whoever asked was told, and the thread has ended by itself.
        if self._begun.exception() is None:
            self._begun.result().call_soon_threadsafe(self._let_end)
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
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(self._stay())
        except BaseException as error:  # noqa: BLE001  told on the thread of the test that waits for it
            self._failures.append(error)
            if not self._begun.done():
                self._begun.set_exception(error)

    async def _stay(self) -> None:
        self._end = asyncio.Event()
        async with self._live:
            self._begun.set_result(asyncio.get_running_loop())
            await self._end.wait()
            self._live.give_up()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """On Windows a policy of the project's may make loops that start no process."""
    if sys.platform == "win32":
        return asyncio.ProactorEventLoop
    return None


def _pass_on(answer: Answer, done: asyncio.Future[CaseResult]) -> None:
    if done.cancelled():
        answer.cancel()
    elif error := done.exception():
        answer.set_exception(error)
    else:
        answer.set_result(done.result())
