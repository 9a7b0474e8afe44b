from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from written_cases import run

from isolab.waiting import BEAT_S, POLL_S, Deadline, Signal, poll


def _in(seconds: float) -> Deadline:
    return Deadline(seconds)


def test_what_is_there_already_needs_no_signal_even_after_the_deadline() -> None:
    async def work() -> None:
        assert await Signal().until(lambda: "there", _in(-1)) == "there"
        assert await poll(_always("there"), _in(-1)) == "there"

    run(work())


@pytest.mark.parametrize("value", [0, "", False, ()])
def test_only_none_means_not_yet(value: object) -> None:
    async def work() -> None:
        assert await Signal().until(lambda: value, _in(-1)) == value
        assert await poll(_always(value), _in(-1)) == value

    run(work())


def test_every_waiter_wakes_and_looks_for_itself() -> None:
    async def work() -> None:
        signal, found = Signal(), []
        waiters = [asyncio.create_task(signal.until(lambda n=n: n if n in found else None, _in(5))) for n in range(3)]  # type: ignore[misc]
        for n in (2, 0, 1):
            found.append(n)
            signal.notify()
        assert await asyncio.gather(*waiters) == [0, 1, 2]

    run(work())


def test_a_change_while_looking_is_not_missed() -> None:
    async def work() -> None:
        signal, looks = Signal(), []

        def look() -> int | None:
            looks.append(1)
            if len(looks) == 1:
                signal.notify()
                return None
            return len(looks)

        assert await signal.until(look, _in(5)) == 2

    run(work())


def test_nothing_ever_is_a_timeout_at_the_deadline_and_not_before() -> None:
    async def work() -> None:
        waits: list[Callable[[], Awaitable[object]]] = [
            lambda: Signal().until(_never, _in(0.05)),
            lambda: poll(_always(None), _in(0.05)),
        ]
        for wait in waits:
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                await wait()
            assert 0.04 <= time.monotonic() - began < 2

    run(work())


def test_a_poll_asks_again_and_again() -> None:
    async def work() -> None:
        asked: list[float] = []

        async def look() -> int | None:
            asked.append(time.monotonic())
            return len(asked) if len(asked) == 4 else None

        assert await poll(look, _in(5)) == 4
        assert all(b - a >= POLL_S * 0.5 for a, b in pairwise(asked))

    run(work())


def test_a_failure_while_looking_is_the_waiter_s() -> None:
    async def work() -> None:
        with pytest.raises(ZeroDivisionError):
            await Signal().until(lambda: 1 // 0, None)
        with pytest.raises(LookupError):
            await poll(_broken, _in(5))

    run(work())


def test_a_cancelled_waiter_is_cancelled_and_not_timed_out() -> None:
    async def work() -> None:
        waiter = asyncio.create_task(Signal().until(_never, None))
        asyncio.get_running_loop().call_soon(waiter.cancel)
        with pytest.raises(asyncio.CancelledError):
            await waiter

    run(work())


def test_time_in_which_we_did_not_run_counts_for_nobody() -> None:
    async def work() -> None:
        signal, found, loop = Signal(), [], asyncio.get_running_loop()
        lost = 10 * BEAT_S
        limit = 8 * BEAT_S

        def arrive() -> None:
            found.append("here")
            signal.notify()

        def freeze() -> None:
            until = time.monotonic() + lost
            while time.monotonic() < until:
                pass
            loop.call_later(3 * BEAT_S, arrive)

        began = time.monotonic()
        with Deadline(limit) as deadline:
            loop.call_later(2 * BEAT_S, freeze)
            assert await signal.until(lambda: found or None, deadline) == ["here"]
            assert time.monotonic() - began > limit
            with pytest.raises(TimeoutError):
                await signal.until(_never, deadline)
        assert time.monotonic() - began >= limit + lost - 2 * BEAT_S
        assert deadline.left_s == 0

    run(work())


def test_a_deadline_leaves_no_timer_behind() -> None:
    async def work() -> None:
        def timers() -> list[asyncio.TimerHandle]:
            return [t for t in asyncio.get_running_loop()._scheduled if not t.cancelled()]  # type: ignore[attr-defined]

        before = timers()
        with Deadline(60) as deadline:
            assert 59 < deadline.left_s <= 60
            assert len(timers()) == len(before) + 1
        assert timers() == before

    run(work())


def _never() -> object | None:
    return None


async def _broken() -> None:
    raise LookupError


def _always(value: object) -> Callable[[], Awaitable[object]]:
    async def look() -> object:
        return value

    return look


def test_a_deadline_that_is_ended_wakes_who_waits_for_it() -> None:
    async def work() -> None:
        with _in(500) as deadline:
            asyncio.get_running_loop().call_soon(deadline.end)
            with pytest.raises(TimeoutError):
                await Signal().until(_nothing, deadline)
            assert deadline.left_s == 0

    run(work())


def _nothing() -> int | None:
    return None


def test_a_deadline_is_shortened_and_never_put_off() -> None:
    async def work() -> tuple[float, float]:
        with Deadline(60) as deadline:
            deadline.shorten(120)
            before = deadline.left_s
            deadline.shorten(5)
            return before, deadline.left_s

    before, after = asyncio.run(work())
    assert before <= 60
    assert 0 < after <= 5
