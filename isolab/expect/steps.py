"""A check written once for Playwright's two APIs: a generator of calls, each answered with what the call returns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

T = TypeVar("T")

Call = Callable[[], Any]
"""A call of Playwright's: with the sync API it returns its result, with the async one something to await."""

Steps = Generator[Call, Any, T]
"""What a check is: it yields calls, and returns its result or raises AssertionError."""


def run_sync(steps: Steps[T]) -> T:
    """Make the calls of a check one by one; what a call raises is raised in the check."""
    try:
        call = next(steps)
        while True:
            try:
                result = call()
            except Exception as error:  # noqa: BLE001  it is the check's to judge
                call = steps.throw(error)
            else:
                call = steps.send(result)
    except StopIteration as end:
        value: T = end.value
        return value


async def run_async(steps: Steps[T]) -> T:
    """Await the calls of a check one by one; what a call raises is raised in the check."""
    try:
        call = next(steps)
        while True:
            try:
                made: Awaitable[Any] = call()
                result = await made
            except Exception as error:  # noqa: BLE001  it is the check's to judge
                call = steps.throw(error)
            else:
                call = steps.send(result)
    except StopIteration as end:
        value: T = end.value
        return value
