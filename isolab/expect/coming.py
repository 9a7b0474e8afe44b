"""A new window first shows a blank page: whether the one that it is to show has come."""

from __future__ import annotations

from time import monotonic
from typing import Any

from isolab.expect.recorded import Way, navigations
from isolab.expect.scripts import MOVED_ON
from isolab.expect.steps import Steps
from isolab.expect.telling import failure
from isolab.expect.waits import comes_to

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""


def come(page: Any, timeout: float) -> Steps[float]:
    """Wait until a popup shows more than its first, blank page: how much of `timeout` is left, in milliseconds.

    Raises AssertionError where another page is on its way and does not come. A window that stays blank stays as it is.
    """
    end = monotonic() + timeout / 1000
    # Measured: Firefox's driver gives a popup before its page has come, Chromium's after that.
    if page.url != "about:blank" or (yield page.opener) is None or (yield from comes_to(page, MOVED_ON, None, timeout)):
        return max(0.0, end - monotonic()) * 1000
    ways = yield from navigations(page)
    if ways and ways[-1].pending:
        raise not_come(ways, timeout, [])
    return 0.0


def not_come(ways: list[Way], timeout: float, so_far: list[str]) -> AssertionError:
    """The error for a popup whose last page has not come in time."""
    return failure(f"the popup has not come to {ways[-1].url} {within(timeout)}", ["there is no answer yet", *so_far])


def within(timeout: float) -> str:
    """How long it was waited for, in words."""
    return f"within {timeout / 1000:g} s"
