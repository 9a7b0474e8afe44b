"""Processes that isolab has started and what these have started in turn: found by parentage, ended by their ids."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

import psutil

STOP_S = 5.0
"""How long processes may take to end, in seconds."""


def family(process: psutil.Process) -> list[psutil.Process]:
    """The process and all that descend from it; nothing where it is gone already."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def family_of(pid: int) -> list[psutil.Process]:
    """The family of a process id; nothing where there is no such process."""
    try:
        return family(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return []


def kill(processes: Collection[psutil.Process]) -> None:
    """Kill and wait until they have ended; one that is gone already is no mistake."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=STOP_S)
