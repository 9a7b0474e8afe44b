from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# A process of its own, because the second Ctrl-C kills all that this process has ever started.
_STUBBORN = """
import asyncio, os, signal
from isolab.cli.interrupt import Interrupts

async def stubborn():
    child = await asyncio.create_subprocess_exec("sleep", "600")
    print(child.pid, flush=True)
    os.kill(os.getpid(), signal.SIGINT)
    try:
        await asyncio.Event().wait()
    finally:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

with Interrupts(lambda: print("told", flush=True)) as interrupts:
    try:
        asyncio.run(interrupts.watch(stubborn()))
    except asyncio.CancelledError:
        print("cancelled", interrupts.happened, flush=True)
"""


def test_the_second_interruption_ends_a_stubborn_clean_up_and_leaves_no_process() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _STUBBORN],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    pid, *rest = ran.stdout.splitlines()
    assert rest == ["told", "cancelled True"]
    assert not _runs(int(pid))


def _runs(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")
