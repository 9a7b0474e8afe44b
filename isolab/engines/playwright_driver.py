"""Playwright's own driver, the process between us and its browsers: begun, and ended also where it does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import psutil
from playwright.async_api import Playwright, async_playwright

from isolab.engines.engine import EngineError
from isolab.engines.processes import end, family, family_of, kill

if TYPE_CHECKING:
    from playwright.async_api._context_manager import PlaywrightContextManager

T = TypeVar("T")

START_S = 60.0
STOP_S = 15.0
"""How long a browser may take to start or to open a window, and to close a window or to end, in seconds; one that takes
longer is broken, though it may be alive. A driver that takes longer to end is killed with all that it has started.
"""

GIVE_UP_S = 1.0
"""How much longer a call whose time is over may take to be given up, in seconds; then it is left to itself."""


@dataclass(slots=True)
class Driver:
    """Playwright, its process, and the browsers that this has started."""

    playwright: Playwright
    pid: int
    browsers: set[psutil.Process] = field(default_factory=set)

    def remember(self) -> None:
        """Know what it has started until now: where it is killed, nothing else tells that these were its children."""
        self.browsers.update(family_of(self.pid)[1:])


@asynccontextmanager
async def driver() -> AsyncIterator[Driver]:
    """Playwright for as long as the block. Raises EngineError where its driver does not start."""
    manager = async_playwright()
    try:
        playwright = await _begin(manager)
    except Exception as error:  # Playwright has no class of its own for a node that does not run or ends at once
        raise EngineError(f"Playwright's driver does not start: {error}") from error
    begun = Driver(playwright, _process_id(manager))
    try:
        yield begun
    finally:
        await _end(manager)
        # A SIGTERM to the whole group (`timeout` sends it so) ends the driver at once, and Firefox would live on.
        await asyncio.to_thread(end, begun.browsers)


async def _begin(manager: PlaywrightContextManager) -> Playwright:
    """Begun to its end, also where it is cancelled on the way: nothing ends a Playwright that is half begun."""
    beginning = asyncio.get_running_loop().create_task(manager.start(), name="begin Playwright's driver")
    try:
        return await asyncio.shield(beginning)
    except asyncio.CancelledError:
        await asyncio.wait({beginning}, timeout=STOP_S)
        if not beginning.done():
            await asyncio.to_thread(_kill, _process_id(manager))
            beginning.cancel()
        elif not beginning.cancelled() and not beginning.exception():
            await _end(manager)
        raise


async def within(limit_s: float, call: Coroutine[Any, Any, T]) -> T:
    """What a call to Playwright gives. Raises TimeoutError soon after `limit_s` seconds, whatever the driver does.

    Not asyncio.timeout: a call that is cancelled asks the driver to give it up, and waits without a limit for its word.
    """
    task = asyncio.get_running_loop().create_task(call)
    task.add_done_callback(_hear_out)
    try:
        await asyncio.wait({task}, timeout=limit_s)
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.wait({task}, timeout=GIVE_UP_S)
    finally:
        task.cancel()
    raise TimeoutError(f"Playwright's driver gave no answer within {limit_s:g} s")


def _hear_out(task: asyncio.Task[Any]) -> None:
    """What becomes of a call after its time is of no interest; asyncio complains of errors that nobody has seen."""
    if not task.cancelled():
        task.exception()


async def _end(manager: PlaywrightContextManager) -> None:
    """Playwright only closes the driver's input, and then waits without a limit until the process is gone."""
    ending = asyncio.get_running_loop().create_task(manager.__aexit__(), name="end Playwright's driver")
    try:
        await asyncio.wait({ending}, timeout=STOP_S)
        if not ending.done():
            await asyncio.to_thread(_kill, _process_id(manager))
            await asyncio.wait({ending}, timeout=STOP_S)
        if ending.done():
            await ending
    finally:
        ending.cancel()


def _process_id(manager: PlaywrightContextManager) -> int:
    """The process of this very manager: another engine has a driver of its own, which must live on."""
    # Playwright tells nobody; in the versions that pyproject.toml allows it is here.
    pid: int = manager._connection._transport._proc.pid  # type: ignore[attr-defined]  # noqa: SLF001
    return pid


def _kill(pid: int) -> None:
    """Kill the child of ours that has this id, and all that it has started."""
    for process in [child for child in psutil.Process().children() if child.pid == pid]:
        # Looked up first: they are nobody's children once it is gone.
        started = family(process)[1:]
        with suppress(psutil.NoSuchProcess):
            process.kill()
        # It is not waited for here: it is asyncio's child, and its end may be taken note of only once.
        kill(started)
