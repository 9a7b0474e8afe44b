"""What a test sees of a process that may end at any moment: nothing of one that is gone is a mistake."""

from __future__ import annotations

import psutil


def words(process: psutil.Process) -> list[str]:
    """The command line; nothing where the process has ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # which a zombie is, too
        return []


def lives(process: psutil.Process) -> bool:
    """Whether the process has not ended; one that nobody has asked for its exit code yet has ended, too."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def lives_at(pid: int) -> bool:
    """Whether there is a process with this id that has not ended."""
    try:
        return lives(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False
