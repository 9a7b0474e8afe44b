"""A screen that nobody sees, for an engine that has no headless mode (Linux only)."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

from isolab.engines.engine import EngineError

START_S = 20.0
STOP_S = 5.0
_SHOWN_LINES = 3


@asynccontextmanager
async def virtual_display() -> AsyncIterator[str]:
    """An Xvfb of our own on a display number that it chooses itself; gives the DISPLAY value. Raises EngineError."""
    # A file, for nobody reads while it runs, and a full pipe would hold it.
    with tempfile.TemporaryFile() as complaints:
        read, write = os.pipe()
        try:
            process = await _start(write, complaints)
        except BaseException:
            os.close(read)
            raise
        finally:
            os.close(write)
        try:
            yield f":{await _display_number(read, complaints)}"
        finally:
            os.close(read)
            await end(process)


async def _start(write: int, complaints: IO[bytes]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            "Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset",
            pass_fds=[write], stdout=asyncio.subprocess.DEVNULL, stderr=complaints, start_new_session=True,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise EngineError("Xvfb is missing: `isolab doctor --install` gets it (Debian package xvfb)") from error
    except OSError as error:
        raise EngineError(f"Xvfb cannot be started: {error.strerror or error}") from error


async def _display_number(read: int, complaints: IO[bytes]) -> str:
    try:
        async with asyncio.timeout(START_S):
            line = await asyncio.to_thread(os.read, read, 16)
    except TimeoutError as error:
        raise EngineError("Xvfb did not say its display number") from error
    if not line.strip():
        raise EngineError(f"Xvfb ended at once: {_last_lines(complaints)}")
    return line.decode().strip()


def _last_lines(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = [line.strip() for line in complaints.read().decode(errors="replace").splitlines() if line.strip()]
    return "; ".join(lines[-_SHOWN_LINES:]) or "it says nothing (is the X11 socket folder writable?)"


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
