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

# A loop that is stuck in a task beside the one that is cancelled, as in a group of tasks.
_STUCK = """
import asyncio, signal
from isolab.cli.interrupt import Interrupts

async def stuck():
    child = await asyncio.create_subprocess_exec("sleep", "600")
    print(child.pid, flush=True)
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    while True:
        pass

async def group():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stuck())
        tasks.create_task(asyncio.Event().wait())

with Interrupts(lambda: None) as interrupts:
    try:
        asyncio.run(interrupts.watch(group()))
    except KeyboardInterrupt:
        print("broken off", interrupts.forced, flush=True)
"""


def test_the_second_interruption_ends_a_stubborn_clean_up_and_leaves_no_process() -> None:
    pid, *rest = _run(_STUBBORN)
    assert rest == ["told", "cancelled True"]
    assert not _runs(int(pid))


def test_the_second_interruption_breaks_off_a_loop_that_has_not_heard_the_first() -> None:
    pid, *rest = _run(_STUCK)
    assert rest == ["broken off True"]
    assert not _runs(int(pid))


def _run(program: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout.splitlines()


def _runs(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")
