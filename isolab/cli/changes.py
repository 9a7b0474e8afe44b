"""Files that change below some places, told as they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from watchfiles import DefaultFilter, awatch

Changes = asyncio.Queue[frozenset[Path]]


class NotWatchedError(Exception):
    """The system does not let us watch; the message says why."""


@asynccontextmanager
async def changes_below(places: Iterable[Path]) -> AsyncIterator[Changes]:
    """Give a queue of sets of files that changed, came or went, absolute and with links resolved.

    A place is a folder, with all below it, or a file: its folder is watched then, because editors put a new file in the
    place of the old one. Whatever changes once this is entered is told; the watching ends with the context. Raises an
    ExceptionGroup of NotWatchedError where the system does not let us (too many watches, a folder that is gone).
    """
    resolved = {place.resolve() for place in places}
    folders = {place for place in resolved if place.is_dir()}
    changes: Changes = asyncio.Queue()
    async with asyncio.TaskGroup() as tasks:
        watching = []
        for watched, recursive in ((folders, True), ({file.parent for file in resolved - folders}, False)):
            if watched:
                begun = asyncio.Event()
                watching.append(tasks.create_task(_tell(watched, changes, begun, recursive=recursive)))
                await begun.wait()
        yield changes
        for task in watching:
            task.cancel()


async def _tell(folders: Iterable[Path], changes: Changes, begun: asyncio.Event, *, recursive: bool) -> None:
    # Whoever waits for this goes on only when the loop below waits for its first change.
    begun.set()
    try:
        async for batch in awatch(*folders, watch_filter=DefaultFilter(), recursive=recursive):
            changes.put_nowait(frozenset(Path(file) for _, file in batch))
    except OSError as error:
        told = ", ".join(str(folder) for folder in sorted(folders))
        raise NotWatchedError(f"cannot watch {told}: {error.strerror or error}") from error
