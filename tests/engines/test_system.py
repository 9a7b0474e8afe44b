from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from command_recorder import Recorder

from isolab.engines import system
from isolab.engines.system import NeedsRootError, apt_install, root_prefix, run_command

posix = pytest.mark.skipif(os.name != "posix", reason="process groups and sudo are of POSIX systems")


def test_output_of_both_streams_and_exit_code_come_back() -> None:
    ran = run_command((sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)"))
    assert ran.code == 7
    assert not ran.ok
    assert "out" in ran.output
    assert "err" in ran.output


def test_a_program_that_does_not_exist_is_an_answer_not_a_crash() -> None:
    ran = run_command(("no-such-program-of-isolab",))
    assert ran.code == system.NOT_FOUND
    assert "no-such-program-of-isolab" in ran.output


def test_environ_is_added_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "k")
    code = "import os; print(os.environ['KEPT'] + os.environ['ADDED'])"
    assert run_command((sys.executable, "-c", code), environ={"ADDED": "a"}).output.strip() == "ka"


@posix
def test_a_deadline_ends_the_whole_process_group(tmp_path: Path) -> None:
    fifo = tmp_path / "grandchild"
    os.mkfifo(fifo)
    # The grandchild holds the pipe's writing end: reading ends only once it is gone.
    ran = run_command(("sh", "-c", f"exec 9<>{fifo}; sleep 60 & echo started; wait"), timeout_s=0.5)
    assert ran.code == system.TIMED_OUT
    assert "started" in ran.output
    with pytest.raises(OSError, match=r"No such device"):
        os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)


@posix
def test_root_needs_no_prefix_and_asks_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    run = Recorder()
    assert root_prefix(run) == ()
    assert run.commands == []


@posix
def test_sudo_without_a_password_is_never_asked_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert root_prefix(Recorder()) == ("sudo", "-n")


@posix
@pytest.mark.parametrize(("terminal", "prefix"), [(True, ("sudo",)), (False, None)])
def test_sudo_with_a_password_needs_a_terminal(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, prefix: tuple[str, ...] | None
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: terminal, raising=False)
    assert root_prefix(Recorder(failing=("sudo",))) == prefix


@posix
def test_lists_are_fetched_before_packages_and_a_broken_list_does_not_stop_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "root_prefix", lambda run: ("sudo", "-n"))
    run = Recorder(failing=("update",))
    assert apt_install(["one", "two"], run).ok
    update, install = run.commands
    assert update[-1] == "update"
    assert install[:3] == ("sudo", "-n", "env")
    assert install[-2:] == ("one", "two")
    assert "DEBIAN_FRONTEND=noninteractive" in install


def test_without_rights_nothing_is_run_and_the_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "root_prefix", lambda run: None)
    run = Recorder()
    with pytest.raises(NeedsRootError, match=r"apt-get update && apt-get install .* one$"):
        apt_install(["one"], run)
    assert run.commands == []
