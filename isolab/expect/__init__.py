"""Assertions about isolation for Playwright's pages, in the manner of Playwright's own `expect` (docs/pytest.md).

They work on any page of any test: nothing is put into it before, and nothing stays in it.
"""

from __future__ import annotations

from typing import overload

from playwright import async_api, sync_api

from isolab.expect.asserting import AsyncIsolation, AsyncPopup, Isolation, Popup
from isolab.expect.measured import Measured, MeasuredIsolation, MeasuredPopup
from isolab.expect.recorded import watch

__all__ = ["expect_isolation", "expect_popup", "watch"]


@overload
def expect_isolation(page: sync_api.Page) -> Isolation: ...


@overload
def expect_isolation(page: async_api.Page) -> AsyncIsolation: ...


@overload
def expect_isolation(page: Measured) -> MeasuredIsolation: ...


def expect_isolation(
    page: sync_api.Page | async_api.Page | Measured,
) -> Isolation | AsyncIsolation | MeasuredIsolation:
    """What is to be said of the isolation of a page, or of a lab's window. Raises TypeError for anything else."""
    if isinstance(page, async_api.Page):
        return AsyncIsolation(page)
    return Isolation(page) if isinstance(page, sync_api.Page) else MeasuredIsolation(_measured(page))


@overload
def expect_popup(popup: sync_api.Page) -> Popup: ...


@overload
def expect_popup(popup: async_api.Page) -> AsyncPopup: ...


@overload
def expect_popup(popup: Measured) -> MeasuredPopup: ...


def expect_popup(popup: sync_api.Page | async_api.Page | Measured) -> Popup | AsyncPopup | MeasuredPopup:
    """What is to be said of the link of a popup to its opener. Raises TypeError for what is no page and no window."""
    if isinstance(popup, async_api.Page):
        return AsyncPopup(popup)
    return Popup(popup) if isinstance(popup, sync_api.Page) else MeasuredPopup(_measured(popup))


def _measured(window: object) -> Measured:
    if not isinstance(window, Measured):
        what = type(window).__name__
        mend = ": give its `.value` (async: `await it.value`)" if hasattr(window, "value") else ""
        raise TypeError(f"a page of Playwright's or a window of isolab_lab is expected, not {what}{mend}")
    return window
