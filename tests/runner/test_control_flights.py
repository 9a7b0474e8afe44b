from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from written_cases import POPUP, run, written

from isolab.lab.record import Record
from isolab.runner.control_flights import ControlFlights
from isolab.runner.schedule import Unit
from isolab.runner.trial import Flown

PLAIN, CUT = written(POPUP)


def flown() -> Flown:
    return Flown(case=CUT, record=Record(), duration_s=0.1, observed={}, predicted={})


Work = Callable[[ControlFlights, list[Unit]], Coroutine[object, object, None]]


def in_flights(work: Work) -> None:
    """Run with what is flown added to a list."""

    async def whole() -> None:
        added: list[Unit] = []
        await work(ControlFlights("chromium", added.append), added)

    run(whole())


async def asked(flights: ControlFlights) -> asyncio.Task[Flown]:
    """The question for the control of CUT, which has been put."""
    task = asyncio.create_task(flights.of(CUT))
    await asyncio.wait({task}, timeout=0.01)
    return task


async def drop(*tasks: asyncio.Task[Flown]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_control_is_flown_once_for_all_who_ask() -> None:
    async def work(flights: ControlFlights, added: list[Unit]) -> None:
        asking = [await asked(flights), await asked(flights)]
        assert len(added) == 1
        assert flights.planned(added[0])
        shows = flown()
        flights.take(added[0], shows)
        assert [await task for task in asking] == [shows, shows]

    in_flights(work)


def test_a_case_that_sends_no_isolation_header_is_the_control_of_its_siblings() -> None:
    async def work(flights: ControlFlights, added: list[Unit]) -> None:
        flights.plan([Unit(PLAIN), Unit(CUT)])
        task = await asked(flights)
        assert added == []
        flights.take(Unit(CUT), flown())
        assert not task.done()
        flights.take(Unit(PLAIN), flown())
        await task

    in_flights(work)


def test_a_control_is_repeated_once_and_only_for_what_it_has_shown() -> None:
    async def work(flights: ControlFlights, added: list[Unit]) -> None:
        task = await asked(flights)
        assert not flights.repeat(CUT, flown())
        first = flown()
        flights.take(added[0], first)
        assert await task is first
        assert not flights.repeat(CUT, flown())
        assert flights.repeat(CUT, first)
        again = await asked(flights)
        assert [unit.anew for unit in added] == [False, True]
        second = flown()
        flights.take(added[1], second)
        assert await again is second
        assert not flights.repeat(CUT, second)

    in_flights(work)


@pytest.mark.parametrize("done", [False, True])
def test_only_a_control_that_is_flown_can_be_forgotten(done: bool) -> None:
    async def work(flights: ControlFlights, added: list[Unit]) -> None:
        task = await asked(flights)
        if done:
            flights.take(added[0], flown())
            await task
        flights.forget(CUT)
        further = await asked(flights)
        assert len(added) == 1 + done
        await drop(further, task)

    in_flights(work)


def test_what_is_forgotten_may_be_repeated_again() -> None:
    async def work(flights: ControlFlights, added: list[Unit]) -> None:
        for _ in range(2):
            task = await asked(flights)
            flights.take(added[-1], flown())
            assert flights.repeat(CUT, await task)
            task = await asked(flights)
            flights.take(added[-1], flown())
            await task
            flights.forget(CUT)
        assert [unit.anew for unit in added] == [False, True, False, True]

    in_flights(work)


def test_a_new_browser_wants_controls_of_its_own() -> None:
    async def work(flights: ControlFlights, added: list[Unit]) -> None:
        await drop(await asked(flights))
        flights.begin()
        assert not flights.planned(added[0])
        await drop(await asked(flights))
        assert len(added) == 2

    in_flights(work)
