"""Waiting for something to become true, up to a deadline: the only way in which isolab waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

POLL_S = 0.01
"""How soon to ask again where an engine has no event to tell (WebDriver's window list), in seconds."""


class Signal:
    """Tells its waiters that something changed; each looks for itself whether it is what it waits for."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def notify(self) -> None:
        """Wake every waiter."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, look: Callable[[], T | None], deadline: float | None) -> T:
        """What `look` gives as soon as it is not None; it is asked anew after every change.

        `deadline` is in the loop's time, in seconds, None for none. Raises TimeoutError when it passes.
        """
        async with asyncio.timeout_at(deadline):
            while True:
                changed = self._changed
                if (found := look()) is not None:
                    return found
                await changed.wait()


async def poll(look: Callable[[], Awaitable[T | None]], deadline: float) -> T:
    """What `look` gives as soon as it is not None, for things that send no event. Raises TimeoutError."""
    never = asyncio.Event()
    async with asyncio.timeout_at(deadline):
        while True:
            if (found := await look()) is not None:
                return found
            try:
                async with asyncio.timeout(POLL_S):
                    await never.wait()
            except TimeoutError:
                continue
