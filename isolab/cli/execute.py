"""One run from the command line: engines fly, listeners hear, and whatever happens, the tally is complete."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from isolab.cli.interrupt import Interrupts
from isolab.engines.engine import Engine, EngineError
from isolab.lab.server import PortError
from isolab.reports.broadcast import Broadcast
from isolab.reports.tally import Tally
from isolab.runner.events import Event, Listener, RunFinished
from isolab.runner.options import RunOptions
from isolab.runner.run import run_cases
from isolab.scenario.case import Case

# What the runner raises where an engine or a port is not to be had.
_NOT_TO_BE_HAD = (EngineError, PortError)


def execute(
    cases: Sequence[Case],
    engines: Sequence[Engine],
    options: RunOptions,
    *,
    tally: Tally,
    listeners: Iterable[Listener],
    told: Callable[[], None],
) -> None:
    """Run the cases. Never raises for what goes wrong in the run: the tally has it, and its exit code says it.

    `told` is called when Ctrl-C was understood. The listeners hear a RunFinished in any case.
    """
    broadcast = Broadcast(tally, listeners)
    held: list[RunFinished] = []

    def emit(event: Event) -> None:
        # The end is told once it is known what the run raised: then it is told whole.
        held.append(event) if isinstance(event, RunFinished) else broadcast(event)

    began = time.monotonic()
    with Interrupts(told) as interrupts:
        try:
            asyncio.run(interrupts.watch(run_cases(cases, engines, options, emit)))
        except (asyncio.CancelledError, KeyboardInterrupt):
            tally.interrupted = True
        except Exception as error:  # noqa: BLE001 - kept in the tally: what was measured until here must be reported
            if not interrupts.forced:
                _keep(tally, error)
    tally.interrupted = tally.interrupted or interrupts.happened
    end = held[-1] if held else RunFinished(time.monotonic() - began)
    defect = None if interrupts.forced else end.defect
    broadcast(replace(end, interrupted=tally.interrupted, defect=defect))


def _keep(tally: Tally, error: Exception) -> None:
    """Sort an exception into what is not to be had and what is our defect."""
    missing, rest = _split(error)
    tally.unavailable.extend(str(one) for one in missing)
    if rest is not None:
        tally.defects.append("".join(traceback.format_exception(rest)))


def _split(error: Exception) -> tuple[list[Exception], Exception | None]:
    """Part the engines and ports that are not to be had from what is left of the exception."""
    if isinstance(error, _NOT_TO_BE_HAD):
        return [error], None
    if not isinstance(error, ExceptionGroup):
        return [], error
    missing, rest = error.split(_NOT_TO_BE_HAD)
    return ([] if missing is None else list(_leaves(missing))), rest


def _leaves(group: ExceptionGroup[Exception]) -> Iterable[Exception]:
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
