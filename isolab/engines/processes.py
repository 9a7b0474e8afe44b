"""Processes that isolab has started and what these have started in turn: found by parentage, ended by their ids."""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import suppress
from subprocess import Popen, TimeoutExpired

import psutil

STOP_S = 5.0
"""How long processes may take to end, in seconds."""

LOOK_S = 0.02
"""How often it is looked whether a process has ended that is nobody's child any more, in seconds."""


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
    still_running(processes, STOP_S)


def kill_family(process: Popen[bytes]) -> None:
    """Kill a process and all that descend from it, also what they start in that very moment."""
    found = family_of(process.pid)
    for one in found:
        with suppress(psutil.NoSuchProcess):
            # So that it starts no more: a child whose parent has ended can no longer be told from a stranger.
            one.suspend()
    found += family_of(process.pid)
    # By the object that others ask for its exit code: psutil would take that away from it.
    process.kill()
    with suppress(TimeoutExpired):
        process.wait(STOP_S)
    kill(set(found))


def end(processes: Collection[psutil.Process]) -> None:
    """Give them time to end by themselves, and kill what is left."""
    kill(still_running(processes, STOP_S))


def still_running(processes: Collection[psutil.Process], limit_s: float) -> list[psutil.Process]:
    """Wait until they have ended; those that have not within `limit_s` seconds.

    One that nobody has asked for its exit code has ended, too. psutil waits until somebody has, which where the parent
    is gone is up to the system's first process: some ask after seconds, that of a container may never do so.
    """
    left, until = list(processes), time.monotonic() + limit_s
    while (left := [process for process in left if _runs(process)]) and (time_left := until - time.monotonic()) > 0:
        psutil.wait_procs(left, timeout=min(LOOK_S, time_left))
    return left


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
