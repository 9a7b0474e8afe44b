"""A run: cases over engines, side by side, to events."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime

from isolab.engines.engine import Engine
from isolab.lab.server import PortError, open_lab
from isolab.runner.artifacts import Keeping
from isolab.runner.engine_run import EngineRun
from isolab.runner.events import Listener, RunFinished, RunStarted
from isolab.runner.options import RunOptions
from isolab.runner.result import EngineInfo
from isolab.scenario.case import Case


async def run_cases(cases: Sequence[Case], engines: Sequence[Engine], options: RunOptions, emit: Listener) -> None:
    """Run every case in every engine and emit the events of :mod:`isolab.runner.events`.

    A cancellation (Ctrl-C) closes every browser, emits RunFinished and goes on to the caller. A defect of isolab ends
    the run with a RunFinished that has its traceback. Artifacts that could not be written are a note of RunFinished and
    nothing else. Raises PortError where no loopback port is to be had.
    """
    kept = Keeping()
    began = time.monotonic()

    def end(*, interrupted: bool = False, defect: str | None = None) -> None:
        emit(RunFinished(time.monotonic() - began, interrupted, defect, kept.notes))

    emit(_start(cases, engines, options))
    try:
        await _run_all([case for _ in range(options.repeat) for case in cases], engines, options, emit, kept)
    except PortError:
        end()
        raise
    except Exception as error:  # noqa: BLE001  whatever it is: what was measured is told, and that we failed
        end(defect="".join(traceback.format_exception(error)))
    except asyncio.CancelledError:
        end(interrupted=True)
        raise
    else:
        end()


def _start(cases: Sequence[Case], engines: Sequence[Engine], options: RunOptions) -> RunStarted:
    infos = tuple(EngineInfo(e.name, e.version, e.driver, e.executable) for e in engines)
    return RunStarted(datetime.now(UTC), infos, {engine.name: len(cases) * options.repeat for engine in engines})


async def _run_all(
    cases: Sequence[Case], engines: Sequence[Engine], options: RunOptions, emit: Listener, kept: Keeping
) -> None:
    async with open_lab() as lab, asyncio.TaskGroup() as tasks:
        for engine in engines:
            tasks.create_task(EngineRun(engine, cases, lab, options, emit, kept=kept).run(), name=engine.name)
