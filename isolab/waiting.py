"""Waiting for something to become true, up to a deadline: the only way in which isolab waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

POLL_S = 0.01
"""How soon to ask again where an engine has no event to tell (WebDriver's window list), in seconds."""

BEAT_S = 0.1
"""How often a deadline looks whether this process still gets to run, in seconds."""


class Deadline(AbstractContextManager["Deadline"]):
    """The end of so many seconds in which this process gets to run; to be used in a `with` block.

    A machine that stands still (a laptop asleep, a virtual machine that is not scheduled) stops the browsers as well:
    what it loses counts for nobody, so the deadline is put off by it.
    """

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._at = self._loop.time() + seconds
        self._bounds: set[asyncio.Timeout] = set()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def left_s(self) -> float:
        """What is left, in seconds, 0 once it has passed."""
        return max(self._at - self._loop.time(), 0.0)

    def end(self) -> None:
        """Have it pass now: what is waited for will not come."""
        self._put_off(self._loop.time() - self._at)

    def shorten(self, seconds: float) -> None:
        """Have it pass in so many seconds at the latest."""
        self._put_off(min(seconds - self.left_s, 0.0))

    @asynccontextmanager
    async def bound(self) -> AsyncIterator[None]:
        """A block that raises TimeoutError when the deadline passes in it."""
        async with asyncio.timeout_at(self._at) as bound:
            self._bounds.add(bound)
            try:
                yield
            finally:
                self._bounds.discard(bound)

    def __enter__(self) -> Self:
        self._listen(self._loop.time() + BEAT_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()

    def _listen(self, at: float) -> None:
        self._timer = self._loop.call_at(at, self._beat, at)

    def _beat(self, due: float) -> None:
        now = self._loop.time()
        if now - due > BEAT_S:
            self._put_off(now - due)
        self._listen(now + BEAT_S)

    def _put_off(self, seconds: float) -> None:
        """Move it; also to an earlier time."""
        self._at += seconds
        for bound in self._bounds:
            if not bound.expired():
                bound.reschedule(self._at)


class Signal:
    """Tells its waiters that something changed; each looks for itself whether it is what it waits for."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def notify(self) -> None:
        """Wake every waiter."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, look: Callable[[], T | None], deadline: Deadline | None) -> T:
        """What `look` gives as soon as it is not None; it is asked anew after every change.

        `deadline` None: for ever. Raises TimeoutError when it passes.
        """
        async with deadline.bound() if deadline else nullcontext():
            while True:
                changed = self._changed
                if (found := look()) is not None:
                    return found
                await changed.wait()


async def poll(look: Callable[[], Awaitable[T | None]], deadline: Deadline) -> T:
    """What `look` gives as soon as it is not None, for things that send no event. Raises TimeoutError."""
    never = asyncio.Event()
    async with deadline.bound():
        while True:
            if (found := await look()) is not None:
                return found
            try:
                async with asyncio.timeout(POLL_S):
                    await never.wait()
            except TimeoutError:
                continue
