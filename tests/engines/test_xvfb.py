from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from started_processes import lives_at
from written_cases import run

from isolab.engines import xvfb
from isolab.engines.engine import EngineError

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="Xvfb is for Linux")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up Xvfb, first in PATH, whose script the test writes."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "Xvfb"


def script(program: Path, text: str) -> None:
    # The descriptor to write to is the second argument: `-displayfd N`.
    program.write_text(f"#!/bin/sh\necho $$ > {program.parent}/pid\n{text}\n")
    program.chmod(0o755)


def ended(program: Path) -> bool:
    pid = int((program.parent / "pid").read_text())
    return not lives_at(pid)


def descriptors() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


async def display() -> str:
    async with xvfb.virtual_display() as found:
        return found


def test_it_chooses_its_number_and_ends_with_the_block(program: Path) -> None:
    script(program, 'echo 42 > "/dev/fd/$2"; exec sleep 60')
    before = descriptors()
    assert run(display()) == ":42"
    assert ended(program)
    assert descriptors() <= before


def test_one_that_will_not_go_is_killed(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xvfb, "STOP_S", 0.2)
    script(program, 'trap "" TERM; echo 42 > "/dev/fd/$2"; while :; do sleep 1; done')
    assert run(display()) == ":42"
    assert ended(program)


def test_one_that_ends_at_once_is_told_of(program: Path) -> None:
    script(program, "exit 1")
    with pytest.raises(EngineError, match="ended at once: it says nothing"):
        run(display())


def test_what_it_complains_of_is_told(program: Path) -> None:
    script(program, "echo; echo 'Fatal server error:' >&2; echo ' out of fonts' >&2; exit 1")
    with pytest.raises(EngineError, match="ended at once: Fatal server error:; out of fonts"):
        run(display())


def test_one_that_cannot_be_run_is_told_of(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    program.write_text("no program")
    program.chmod(0o755)
    before = descriptors()
    with pytest.raises(EngineError, match="Xvfb cannot be started: Exec format error"):
        run(display())
    assert descriptors() <= before


def test_one_that_says_nothing_is_given_up_and_ended(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xvfb, "START_S", 0.2)
    script(program, "exec sleep 60")
    with pytest.raises(EngineError, match="did not say its display number"):
        run(display())
    assert ended(program)


def test_none_here_says_how_to_get_it(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    before = descriptors()
    with pytest.raises(EngineError, match="doctor --install"):
        run(display())
    assert descriptors() <= before


def test_what_goes_wrong_inside_ends_it_too(program: Path) -> None:
    script(program, 'echo 7 > "/dev/fd/$2"; exec sleep 60')

    async def work() -> None:
        async with xvfb.virtual_display():
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(work())
    assert ended(program)
