from __future__ import annotations

import signal
import subprocess

import psutil
import pytest
from started_processes import lives, lives_at

from isolab.engines import processes
from isolab.engines.processes import end, family, family_of, kill, kill_family, still_running


def test_a_family_is_a_process_and_what_it_has_started_and_ends_as_a_whole() -> None:
    parent = subprocess.Popen(["sh", "-c", "sleep 61 & echo started; wait"], stdout=subprocess.PIPE)
    other = subprocess.Popen(["sleep", "61"])
    with parent, other:
        assert parent.stdout is not None
        parent.stdout.readline()
        found = family_of(parent.pid)
        # The child may not have become `sleep` yet.
        assert [process.ppid() for process in found] == [psutil.Process().pid, parent.pid]
        kill(found)
        assert not any(lives(process) for process in found)
        assert other.poll() is None
        kill_family(other)
    assert other.returncode == -signal.SIGKILL


def test_a_process_that_is_gone_has_no_family_and_is_killed_in_vain() -> None:
    with subprocess.Popen(["sleep", "61"]) as process:
        known = psutil.Process(process.pid)
        process.kill()
    assert family(known) == []
    assert family_of(process.pid) == []
    kill([known])


def test_a_family_ends_also_where_it_starts_processes_all_the_time() -> None:
    parent = subprocess.Popen(
        ["sh", "-c", "for n in $(seq 300); do sleep 61 & echo $!; done; wait"], stdout=subprocess.PIPE
    )
    with parent:
        assert parent.stdout is not None
        first = parent.stdout.readline()
        kill_family(parent)
        started = [int(line) for line in (first, *parent.stdout)]
    assert [pid for pid in started if lives_at(pid)] == []


def test_what_does_not_end_by_itself_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_S", 0.2)
    with subprocess.Popen(["sleep", "61"]) as process:
        found = family_of(process.pid)
        end(found)
    assert [lives(one) for one in found] == [False]


def test_a_process_has_ended_although_nobody_asks_for_its_exit_code() -> None:
    # As in a container whose first process asks for no stranger's.
    parent = subprocess.Popen(["sh", "-c", "sleep 0.01 & echo $!; exec sleep 61"], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert still_running([child], limit_s=60) == []
        assert child.is_running()  # there is still something by that id
        assert [one.pid for one in still_running(family_of(parent.pid), limit_s=0.1)] == [parent.pid]
        parent.kill()
