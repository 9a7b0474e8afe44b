"""A screen that nobody sees, for an engine that has no headless mode (Linux only)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from isolab.engines.engine import EngineError

START_S = 20.0
STOP_S = 5.0


@asynccontextmanager
async def virtual_display() -> AsyncIterator[str]:
    """An Xvfb of our own on a display number that it chooses itself; gives the DISPLAY value. Raises EngineError."""
    read, write = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            "Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset",
            pass_fds=[write], stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except FileNotFoundError as error:
        os.close(read)
        raise EngineError("Xvfb is missing: `isolab doctor --install` gets it (Debian package xvfb)") from error
    finally:
        os.close(write)
    try:
        yield f":{await _display_number(read)}"
    finally:
        os.close(read)
        await end(process)


async def _display_number(read: int) -> str:
    try:
        async with asyncio.timeout(START_S):
            line = await asyncio.to_thread(os.read, read, 16)
    except TimeoutError as error:
        raise EngineError("Xvfb did not say its display number") from error
    if not line.strip():
        raise EngineError("Xvfb ended at once: is the X11 socket folder writable?")
    return line.decode().strip()


async def end(process: asyncio.subprocess.Process) -> None:
    """End a process that we started: kindly first, then for certain."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
