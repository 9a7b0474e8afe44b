"""The same assertions about a window of a lab (the fixture `isolab_lab`): measured by isolab, in any engine."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Protocol, runtime_checkable

from isolab.policy.terms import Fate

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""


Facts = Mapping[str, str | bool | int | float | None]


@runtime_checkable
class Measured(Protocol):
    """A window of which facts can be expected, by the names that scenario files have for them."""

    def expect(self, facts: Facts, *, timeout: float | None = None) -> object:
        """Raise AssertionError where one of them is otherwise; `timeout`: of the whole flow, in milliseconds."""


class Answered:
    """What an assertion gives once it holds: it may be awaited, as those about pages of the async API have to be."""

    def __await__(self) -> Generator[None, None, None]:
        """Nothing is left to wait for."""
        yield from ()


class MeasuredIsolation:
    """What can be said of the isolation of a lab's window; `timeout` replaces the lab's deadline, in milliseconds."""

    def __init__(self, window: Measured) -> None:
        self._window = window

    def to_be_isolated(self, *, timeout: float | None = None) -> Answered:
        """`crossOriginIsolated` is true."""
        return _answered(self._window, {"crossOriginIsolated": True}, timeout)

    def not_to_be_isolated(self, *, timeout: float | None = None) -> Answered:
        """`crossOriginIsolated` is false."""
        return _answered(self._window, {"crossOriginIsolated": False}, timeout)

    def to_have_shared_memory(self, *, timeout: float | None = None) -> Answered:
        """A SharedArrayBuffer was posted to a worker, and both saw the same memory."""
        return _answered(self._window, {"sharedMemory": True}, timeout)

    def not_to_be_blocked(self, embed: str, *, timeout: float | None = None) -> Answered:
        """What the page embeds under this name is loaded."""
        return _answered(self._window, {embed: "loaded"}, timeout)


class MeasuredPopup:
    """What can be said of a lab's window that another one opened; `timeout` as for its isolation."""

    def __init__(self, window: Measured) -> None:
        self._window = window

    def to_have_opener(self, fate: Fate = "preserved", *, timeout: float | None = None) -> Answered:
        """The link to its opener has come to this: preserved, severed, noopener or not-loaded."""
        return _answered(self._window, {"opener": fate}, timeout)


def _answered(window: Measured, facts: Facts, timeout: float | None) -> Answered:
    window.expect(facts, timeout=timeout)
    return Answered()
