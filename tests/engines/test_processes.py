from __future__ import annotations

import subprocess

import psutil

from isolab.engines.processes import family, family_of, kill


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_family_is_a_process_and_what_it_has_started_and_ends_as_a_whole() -> None:
    parent = subprocess.Popen(["sh", "-c", "sleep 61 & echo started; wait"], stdout=subprocess.PIPE)
    other = subprocess.Popen(["sleep", "61"])
    with parent, other:
        assert parent.stdout is not None
        parent.stdout.readline()
        found = family_of(parent.pid)
        assert [process.name() for process in found] == ["sh", "sleep"]
        kill(found)
        assert all(gone(process) for process in found)
        assert other.poll() is None
        kill(family_of(other.pid))


def test_a_process_that_is_gone_has_no_family_and_is_killed_in_vain() -> None:
    with subprocess.Popen(["sleep", "61"]) as process:
        known = psutil.Process(process.pid)
        process.kill()
    assert family(known) == []
    assert family_of(process.pid) == []
    kill([known])
