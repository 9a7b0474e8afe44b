"""The assertions as users call them, once for each of Playwright's APIs.

Each tries again until its `timeout` in milliseconds, and then raises AssertionError with what is to blame.
"""

from __future__ import annotations

from playwright import async_api, sync_api

from isolab.expect import isolation, opener, resource
from isolab.expect.steps import run_async, run_sync
from isolab.policy.terms import Fate

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""

TIMEOUT_MS = 5000.0
"""As long as Playwright's own assertions wait."""


class Isolation:
    """What can be said of a page's isolation."""

    def __init__(self, page: sync_api.Page) -> None:
        self._page = page

    def to_be_isolated(self, *, timeout: float = TIMEOUT_MS) -> None:
        """`crossOriginIsolated` is true."""
        run_sync(isolation.isolated(self._page, timeout, wanted=True))

    def not_to_be_isolated(self, *, timeout: float = TIMEOUT_MS) -> None:
        """`crossOriginIsolated` is false."""
        run_sync(isolation.isolated(self._page, timeout, wanted=False))

    def to_have_shared_memory(self, *, timeout: float = TIMEOUT_MS) -> None:
        """A SharedArrayBuffer can be made, and posted to a worker that then writes to the same memory."""
        run_sync(isolation.shared_memory(self._page, timeout))

    def not_to_be_blocked(self, url: str, *, timeout: float = TIMEOUT_MS) -> None:
        """What the page loads from `url` (an image, a script, a frame...) is not blocked; relative to the page."""
        run_sync(resource.not_blocked(self._page, url, timeout))


class AsyncIsolation:
    """What can be said of a page's isolation, to be awaited."""

    def __init__(self, page: async_api.Page) -> None:
        self._page = page

    async def to_be_isolated(self, *, timeout: float = TIMEOUT_MS) -> None:  # noqa: ASYNC109  as Playwright names it
        """`crossOriginIsolated` is true."""
        await run_async(isolation.isolated(self._page, timeout, wanted=True))

    async def not_to_be_isolated(self, *, timeout: float = TIMEOUT_MS) -> None:  # noqa: ASYNC109
        """`crossOriginIsolated` is false."""
        await run_async(isolation.isolated(self._page, timeout, wanted=False))

    async def to_have_shared_memory(self, *, timeout: float = TIMEOUT_MS) -> None:  # noqa: ASYNC109
        """A SharedArrayBuffer can be made, and posted to a worker that then writes to the same memory."""
        await run_async(isolation.shared_memory(self._page, timeout))

    async def not_to_be_blocked(self, url: str, *, timeout: float = TIMEOUT_MS) -> None:  # noqa: ASYNC109
        """What the page loads from `url` (an image, a script, a frame...) is not blocked; relative to the page."""
        await run_async(resource.not_blocked(self._page, url, timeout))


class Popup:
    """What can be said of a popup."""

    def __init__(self, popup: sync_api.Page) -> None:
        self._popup = popup

    def to_have_opener(self, fate: Fate = "preserved", *, timeout: float = TIMEOUT_MS) -> None:
        """The link to its opener has come to this: preserved, severed, noopener or not-loaded."""
        run_sync(opener.has_opener(self._popup, fate, timeout))


class AsyncPopup:
    """What can be said of a popup, to be awaited."""

    def __init__(self, popup: async_api.Page) -> None:
        self._popup = popup

    async def to_have_opener(self, fate: Fate = "preserved", *, timeout: float = TIMEOUT_MS) -> None:  # noqa: ASYNC109
        """The link to its opener has come to this: preserved, severed, noopener or not-loaded."""
        await run_async(opener.has_opener(self._popup, fate, timeout))
