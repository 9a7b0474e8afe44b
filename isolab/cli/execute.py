"""One run from the command line: engines fly, listeners hear, and whatever happens, the tally is complete."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable, Iterable, Sequence

from isolab.cli.interrupt import Interrupts
from isolab.engines.engine import Engine, EngineError
from isolab.reports.broadcast import Broadcast
from isolab.reports.tally import Tally
from isolab.runner.events import Listener, RunFinished
from isolab.runner.options import RunOptions
from isolab.runner.run import run_cases
from isolab.scenario.case import Case


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
    emit = Broadcast(tally, listeners)
    began = time.monotonic()
    with Interrupts(told) as interrupts:
        try:
            asyncio.run(interrupts.watch(run_cases(cases, engines, options, emit)))
        except asyncio.CancelledError:
            tally.interrupted = True
        except Exception as error:  # noqa: BLE001 - kept in the tally: what was measured until here must be reported
            _keep(tally, error)
    tally.interrupted = tally.interrupted or interrupts.happened
    if not tally.finished:
        emit(RunFinished(duration_s=time.monotonic() - began, interrupted=tally.interrupted))


def _keep(tally: Tally, error: Exception) -> None:
    """Sort an exception into what is not to be had and what is our defect."""
    missing, rest = _split(error)
    tally.unavailable.extend(str(one) for one in missing)
    if rest is not None:
        text = "".join(traceback.format_exception(rest))
        # The runner reports its own defects with the last event and raises them too: say each once.
        if not any(defect.strip() and defect.strip() in text for defect in tally.defects):
            tally.defects.append(text)


def _split(error: Exception) -> tuple[list[Exception], Exception | None]:
    """Part the engine errors in the exception from what is left of it."""
    if isinstance(error, EngineError):
        return [error], None
    if not isinstance(error, ExceptionGroup):
        return [], error
    engine_errors, rest = error.split(EngineError)
    return ([] if engine_errors is None else list(_leaves(engine_errors))), rest


def _leaves(group: ExceptionGroup[Exception]) -> Iterable[Exception]:
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
