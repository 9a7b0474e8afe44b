"""What becomes of a window that was sent to a page: the page comes, or the opener closes the window before it runs."""

from __future__ import annotations

from time import monotonic

from isolab.runner.control import sends_no_isolation_header
from isolab.runner.flight import Flight
from isolab.runner.named_window import NamedWindow
from isolab.waiting import Deadline, poll

AGREE_S = 3.0
"""How long the driver's window list may lag behind the pages, in seconds."""

REPORTS_S = 10.0
"""How long the report of a page that has run may be on its way, in seconds. Firefox loses that of a page whose window
is closed at once."""


async def arrive_or_end(flight: Flight, window: NamedWindow) -> None:
    """Wait a little for the page that a window goes to, or for the end of the window.

    Where its opener closes it before that page runs, no page is left to tell. One that has greeted its opener did run:
    its own report is on its way, also where the opener has closed it since.
    A driver need not ever learn of a window that is closed as soon as it is opened. One that it does not list in the
    time that its list may lag behind is gone. Where a header may have severed it, the handle reads closed as well, so
    the list is all there is to tell, and is given longer.
    """
    if not window.expecting or window.closed:
        return
    try:
        await flight.handle(window)
    except TimeoutError:
        # The opener's page does not answer: nothing more will be known of the window by it.
        return
    if not flight.windows.may_end_unseen(window):
        return

    lost_at = monotonic() + REPORTS_S

    async def look() -> bool | None:
        flight.windows.claim()
        reports = flight.windows.ran(window) and monotonic() < lost_at
        known = flight.slot.knows_of(flight.windows.told_of()) and not reports
        return True if window.current is not None or (known and await _ended(flight, window)) else None

    left_s = flight.deadline.left_s
    try:
        with Deadline(min(AGREE_S, left_s) if sends_no_isolation_header(flight.case) else left_s / 2) as soon:
            await poll(look, soon)
    except TimeoutError:
        await _ended(flight, window)


async def ended_since(flight: Flight, window: NamedWindow) -> bool:
    """Whether such a window has ended meanwhile: a driver's list may lag behind for longer than it was given."""
    return flight.windows.may_end_unseen(window) and await _ended(flight, window)


async def _ended(flight: Flight, window: NamedWindow) -> bool:
    """Whether the opener has closed it: its handle says so and the driver, and neither a step nor its page did it."""
    if not flight.windows.reads_closed(window) or flight.to_close(window):
        return False
    served = list(flight.windows.served(window))
    # A browser closes by itself what it has opened for a download; where only a redirect was served, that may have
    # severed it, and it may not be open yet. Where nothing was, no header can have.
    if any(document.served.no_page() for document in served):
        return False
    if not (served or window.documents or flight.windows.unasked(window)):
        return False
    listed = len(await flight.driver_windows())
    # The page may have come while the driver was asked, and have closed its window by itself.
    flight.windows.claim()
    if window.current is not None:
        return False
    if listed >= len(flight.windows.staying(window)) + len(flight.windows.strangers()):
        return False
    flight.windows.end(window)
    return True
