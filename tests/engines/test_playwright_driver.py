from __future__ import annotations

import asyncio
import sys
from typing import Any, cast

import psutil
import pytest
from playwright.async_api import Playwright
from started_processes import lives_at
from written_cases import run

from isolab.engines import playwright_driver, processes
from isolab.engines.engine import EngineError
from isolab.engines.playwright_driver import driver, within

STUCK = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE);"
STUCK += "print(p.pid, flush=True); p.wait()"
"""A driver that has started something and does not notice that its input is closed."""


class FakeManager:
    """Playwright's manager over a real process, which ends when its input does, or is stuck."""

    def __init__(self, program: str) -> None:
        self._program = program
        self.pid = 0
        self.started = 0
        self.ended = False
        self.given = cast("Playwright", object())

    @property
    def _connection(self) -> FakeManager:
        return self

    _transport = _proc = _connection

    async def start(self) -> Playwright:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", self._program, stdin=pipe, stdout=pipe
        )
        self.pid = self._process.pid
        assert self._process.stdout
        self.started = int(await self._process.stdout.readline())
        return self.given

    async def __aexit__(self, *_: Any) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.communicate()
        self.ended = True


def use(monkeypatch: pytest.MonkeyPatch, *managers: FakeManager) -> None:
    left = iter(managers)
    monkeypatch.setattr(playwright_driver, "async_playwright", lambda: next(left))


@pytest.mark.parametrize("error", [FileNotFoundError(2, "No such file or directory"), Exception("Connection closed")])
def test_one_that_does_not_start_is_an_engine_that_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """As where its node does not run on this system, or ends at once."""

    class Broken(FakeManager):
        async def start(self) -> Playwright:
            raise error

    use(monkeypatch, Broken(""))

    async def whole() -> None:
        async with driver():
            pytest.fail("there is none")

    with pytest.raises(EngineError, match=f"Playwright's driver does not start: .*{str(error)[-9:]}"):
        run(whole())


def test_a_driver_that_ends_itself_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = FakeManager("print(0, flush=True); input()")
    use(monkeypatch, manager)
    monkeypatch.setattr(playwright_driver, "_kill", lambda pid: pytest.fail(f"{pid} was killed"))

    async def whole() -> None:
        async with driver() as given:
            assert (given.playwright, given.pid) == (manager.given, manager.pid)
            assert not manager.ended
        assert manager.ended

    run(whole())


def test_a_driver_that_is_stuck_is_killed_with_what_it_has_started_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stuck, other = FakeManager(STUCK), FakeManager(STUCK)
    use(monkeypatch, other, stuck)
    monkeypatch.setattr(playwright_driver, "STOP_S", 0.2)

    async def whole() -> None:
        async with asyncio.timeout(30), driver():
            async with driver():
                assert lives_at(stuck.pid)
                assert lives_at(stuck.started)
            assert stuck.ended
            assert not lives_at(stuck.pid)
            assert not lives_at(stuck.started)
            assert lives_at(other.pid)
            assert lives_at(other.started)
        assert not lives_at(other.pid)

    run(whole())


def test_what_a_driver_that_was_killed_has_left_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = FakeManager(STUCK)
    use(monkeypatch, manager)
    monkeypatch.setattr(processes, "STOP_S", 0.2)

    async def whole() -> None:
        async with driver() as given:
            given.remember()
            psutil.Process(manager.pid).kill()
            assert lives_at(manager.started)
        assert not lives_at(manager.started)

    run(whole())


def test_what_the_block_raises_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = FakeManager(STUCK)
    use(monkeypatch, manager)
    monkeypatch.setattr(playwright_driver, "STOP_S", 0.2)

    async def whole() -> None:
        with pytest.raises(ZeroDivisionError):
            async with driver():
                raise ZeroDivisionError
        assert not lives_at(manager.pid)

    run(whole())


# --- calls ------------------------------------------------------------------------------------------------------------


class Call:
    """A call as Playwright makes it: cancelled, it waits for the driver to say that it has given up."""

    def __init__(self) -> None:
        self.answered = asyncio.Event()

    async def __call__(self, error: Exception | None = None) -> str:
        try:
            await self.answered.wait()
        except asyncio.CancelledError:
            await self.answered.wait()
            raise
        if error:
            raise error
        return "answer"

    async def end(self) -> None:
        self.answered.set()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()}, timeout=5)


def test_a_call_gives_what_it_gives() -> None:
    async def whole() -> None:
        call = Call()
        call.answered.set()
        assert await within(5, call()) == "answer"
        with pytest.raises(ZeroDivisionError):
            await within(5, call(ZeroDivisionError()))

    run(whole())


def test_a_call_that_the_driver_does_not_give_up_takes_hardly_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def whole() -> None:
        call = Call()
        monkeypatch.setattr(playwright_driver, "GIVE_UP_S", 0.05)
        async with asyncio.timeout(5):
            with pytest.raises(TimeoutError, match=r"no answer within 0\.05 s"):
                await within(0.05, call())
        await call.end()

    run(whole())


def test_a_cancellation_does_not_wait_for_the_driver_either() -> None:
    async def whole() -> None:
        call = Call()
        calling = asyncio.create_task(within(60, call()))
        await asyncio.wait({calling}, timeout=0.05)
        calling.cancel()
        done, _ = await asyncio.wait({calling}, timeout=5)
        assert done
        assert calling.cancelled()
        await call.end()

    run(whole())


def test_what_is_cancelled_while_it_begins_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = FakeManager("import os; print(os.getpid(), flush=True); input()")
    begins, may_go_on = asyncio.Event(), asyncio.Event()
    start = manager.start

    async def slow() -> Playwright:
        begins.set()
        await may_go_on.wait()
        return await start()

    monkeypatch.setattr(manager, "start", slow)
    use(monkeypatch, manager)

    async def cancelled() -> None:
        task = asyncio.create_task(begun())
        await begins.wait()
        task.cancel()
        asyncio.get_running_loop().call_soon(may_go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await task

    run(cancelled())
    assert manager.ended


def test_playwright_itself_is_ended_when_it_is_cancelled_while_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader takes no notice of being cancelled: an event loop with a Playwright half begun never closes."""
    begins = asyncio.Event()
    execute = asyncio.create_subprocess_exec
    processes_begun: list[int] = []

    async def told(*arguments: str, **options: Any) -> asyncio.subprocess.Process:
        process = await execute(*arguments, **options)
        processes_begun.append(process.pid)
        begins.set()
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", told)

    async def cancelled() -> None:
        task = asyncio.create_task(begun())
        await begins.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(cancelled())
    assert not any(lives_at(pid) for pid in processes_begun)


async def begun() -> None:
    async with driver():
        pass
