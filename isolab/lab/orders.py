"""The commands for one document: each is kept until its page says that it has got it."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from isolab.waiting import Deadline, Signal

Command = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a page is to do, in order; `last` is the number of the last command, which the page says it has got."""

    commands: tuple[Command, ...]
    last: int


class Orders:
    """Numbers commands from 1. An answer may be lost on its way though it was sent: then the page asks again."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, Command]] = deque()
        self._numbers = itertools.count(1)
        self._put = Signal()
        self._asked = 0

    def put(self, command: Command) -> None:
        """Have the page do something, after all that it was told before."""
        self._waiting.append((next(self._numbers), command))
        self._put.notify()

    def ask(self) -> int:
        """A page asks for commands: the number of this request, by which `newest` knows it."""
        self._asked += 1
        return self._asked

    def newest(self, request: int) -> bool:
        """Whether the page has not asked again since."""
        return request == self._asked

    async def take(self, got: int, seconds: float) -> Batch:
        """The commands after number `got`, as soon as there is one; none when the time has passed."""
        while self._waiting and self._waiting[0][0] <= got:
            self._waiting.popleft()
        try:
            with Deadline(seconds) as deadline:
                await self._put.until(lambda: self._waiting or None, deadline)
        except TimeoutError:
            return Batch((), got)
        return Batch(tuple(command for _, command in self._waiting), self._waiting[-1][0])
