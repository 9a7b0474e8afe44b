"""Engines that stay: cases are given to them one by one or many at once, and each is answered with its result."""

from __future__ import annotations

import asyncio
import traceback
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from isolab.engines.engine import Engine, EngineError
from isolab.lab.server import Lab, open_lab
from isolab.runner.artifacts import Keeping
from isolab.runner.engine_run import EngineRun
from isolab.runner.events import CaseFinished, EngineFailed, EngineStarted, Event, Listener
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult, EngineInfo
from isolab.scenario.case import Case, EngineName

Answer = asyncio.Future[CaseResult]


class LiveRun:
    """An async context manager that owns the lab and every browser that was needed in it.

    A browser is started with the first case for it and ends with the context. `engines` has what was measured to run.
    `listener` hears of engines and cases, each answer's event before the answer.
    """

    def __init__(self, engines: Iterable[Engine], options: RunOptions, listener: Listener | None = None) -> None:
        self.engines: dict[EngineName, EngineInfo] = {}
        self._found = {engine.name: engine for engine in engines}
        self._options = options
        self._listener = listener
        self._runs: dict[EngineName, EngineRun] = {}
        self._asked: dict[EngineName, dict[int, deque[Answer]]] = defaultdict(lambda: defaultdict(deque))
        self._gone: dict[EngineName, str] = {}
        self._missing: dict[str, None] = {}
        self._defects: list[str] = []
        self._attending: list[asyncio.Task[None]] = []
        self._own = AsyncExitStack()
        self._lab: Lab | None = None
        self._tasks = asyncio.TaskGroup()
        self._kept = Keeping()

    async def __aenter__(self) -> Self:
        self._lab = await self._own.enter_async_context(open_lab())
        await self._own.enter_async_context(self._tasks)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for run in self._runs.values():
            run.close()
        await self._own.__aexit__(kind, error, trace)

    def fly(self, cases: Sequence[Case], engine: EngineName) -> list[Answer]:
        """Have the cases run, side by side; the answers are in their order.

        An answer raises EngineError where the engine is not to be had or was lost.
        """
        answers = [asyncio.get_running_loop().create_future() for _ in cases]
        for case, answer in zip(cases, answers, strict=True):
            self._asked[engine][id(case)].append(answer)
        if why := self._why_not(engine):
            self._refuse(engine, EngineError(why))
        elif engine in self._runs:
            self._runs[engine].add(cases)
        else:
            assert self._lab is not None  # noqa: S101  it is a context manager
            run = EngineRun(
                self._found[engine], cases, self._lab, self._options, self._hear, kept=self._kept, lasting=True
            )
            self._runs[engine] = run
            self._attending.append(self._tasks.create_task(self._attend(run, engine), name=engine))
        return answers

    def give_up(self) -> None:
        """End what still runs: nobody waits for it any more."""
        for name in self._asked:
            for answers in self._asked[name].values():
                for answer in answers:
                    answer.cancel()
        for task in self._attending:
            task.cancel()

    def _why_not(self, engine: EngineName) -> str | None:
        if engine in self._found:
            return self._gone.get(engine)
        why = f"{engine} was not found on this machine"
        self._missing[why] = None
        return why

    async def _attend(self, run: EngineRun, engine: EngineName) -> None:
        """Run an engine to its end; whatever ends it, nobody waits for an answer that will not come."""
        try:
            await run.run()
        except Exception as error:  # noqa: BLE001  a defect of ours: it is told to those who wait
            self._gone[engine] = str(error) or type(error).__name__
            self._defects.append("".join(traceback.format_exception(error)))
            self._refuse(engine, error)
        else:
            self._refuse(engine, EngineError(self._gone.setdefault(engine, f"{engine} has ended")))

    def _refuse(self, engine: EngineName, error: Exception) -> None:
        for answers in self._asked.pop(engine, {}).values():
            for answer in answers:
                if not answer.done():
                    answer.set_exception(error)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be noted of the run so far."""
        return self._kept.notes

    @property
    def missing(self) -> tuple[str, ...]:
        """Of which engines there was none on this machine when a case was to run in them, each as a sentence."""
        return tuple(self._missing)

    @property
    def defects(self) -> tuple[str, ...]:
        """For each engine that was ended by a defect of isolab the traceback."""
        return tuple(self._defects)

    def _hear(self, event: Event) -> None:
        if self._listener is not None:
            self._listener(event)
        match event:
            case CaseFinished(result):
                self._answer(result)
            case EngineStarted(info):
                self.engines[info.name] = info
            case EngineFailed(info, why):
                self._gone[info.name] = why

    def _answer(self, result: CaseResult) -> None:
        answers = self._asked[result.engine][id(result.case)]
        while answers:
            answer = answers.popleft()
            if not answer.done():
                answer.set_result(result)
                return
