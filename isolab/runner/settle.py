"""When a flight may be judged: every page has told what it had to tell, and none is about to be replaced by itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from isolab.lab.document import Document, Served
from isolab.runner.arrival import arrive_or_end
from isolab.runner.flight import Flight
from isolab.runner.named_window import NamedWindow
from isolab.runner.schedule import PASSIVE
from isolab.scenario.case import Fixture, Page
from isolab.waiting import Deadline, poll

SOON_S = 10.0
"""How long a page that was asked for may take to report, and one that reports to answer, in seconds. One that takes
longer is judged by what it has told before."""


async def settle(flight: Flight, *, messages: bool = False) -> None:
    """Wait until no page is about to move on by itself, and (`messages`) openers have got what popups posted."""
    given_up: set[str] = set()
    while True:
        flight.windows.claim()
        before = flight.windows.shown()
        await asyncio.gather(*(_hear_out(flight, window, messages=messages) for window in flight.windows.open()))
        await _arrive(flight, given_up)
        if flight.windows.shown() == before:
            return


async def _hear_out(flight: Flight, window: NamedWindow, *, messages: bool) -> None:
    await arrive_or_end(flight, window)
    if messages and not window.closed:
        # A page that is still on its way may have a lot to say; without one, its time is up anyway.
        with suppress(TimeoutError):
            await flight.document(window.name)
    document = window.current
    if document is None or not _acts(flight.case.pages[document.page]):
        return
    with suppress(TimeoutError), Deadline(min(SOON_S, flight.deadline.left_s)) as soon:
        if not await _stays(flight, window, document, soon):
            await _succeeded(flight, window, document, soon)
            return
        flight.answered.add(document.id)
        await asyncio.gather(*(flight.answers(frame, soon, do="settle") for frame in flight.windows.frames(document)))
        if messages:
            await _follow(flight, window, document, soon)


async def _stays(flight: Flight, window: NamedWindow, document: Document, soon: Deadline) -> bool:
    """Whether a page is there to stay.

    One that is asked in the moment in which it is replaced, or closed by its opener, hears nothing any more, and holds
    no request that would break off: that another one shows tells it then, or what the opener's handle reads.
    """
    if document.left or _refreshes_at_once(document.served):
        return False

    def gone() -> bool:
        return window.current is not document or flight.windows.closed_by_opener(window)

    try:
        return await flight.answers(document, soon, do="settle", unless=gone)
    except TimeoutError:
        if not flight.windows.unclaimed():
            raise
        document.left = True
        return False


async def _succeeded(flight: Flight, window: NamedWindow, document: Document, soon: Deadline) -> None:
    """Wait until it is known what comes after a page that leaves: the end of its window, or another page.

    That it has left is not enough: in Firefox its requests break off before the one for the next page is made.
    """

    async def look() -> bool | None:
        flight.windows.claim()
        told = document.closing or window.closed or flight.to_close(window) or flight.windows.closed_by_opener(window)
        coming = [d for d in flight.windows.on_the_way() if d not in flight.windows.strangers()]
        known = told or window.current is not document or coming or await _ended(flight, window)
        return True if known else None

    await poll(look, soon)


async def _ended(flight: Flight, window: NamedWindow) -> bool:
    """Whether by the driver's word a window whose page has left, and every other such, has ended.

    One that its opener closes says nothing of it.
    """
    left = flight.windows.left()
    staying = len(flight.windows.open()) - len(left) + len(flight.windows.strangers())
    return window in left and flight.listed() and len(await flight.driver_windows()) <= staying


async def _follow(flight: Flight, window: NamedWindow, document: Document, soon: Deadline) -> None:
    """Send a message after all that the popup has posted to its opener: when that is heard, so are they."""
    opener = flight.windows.opener_of(window)
    if opener is None or opener.left or document.id not in opener.heard:
        return
    number = await flight.ask(document, soon, do="ping")
    if number is not None:
        await flight.record.signal.until(lambda: opener.pings.get(document.id) == number or None, soon)
        await flight.ask(opener, soon, do="sync")


async def _arrive(flight: Flight, given_up: set[str]) -> None:
    def look() -> bool | None:
        flight.windows.claim()
        strangers = flight.windows.strangers()
        coming = [d for d in flight.windows.on_the_way() if d.id not in given_up and d not in strangers]
        return None if coming else True

    try:
        with Deadline(min(SOON_S, flight.deadline.left_s)) as soon:
            await flight.record.signal.until(look, soon)
    except TimeoutError:
        given_up.update(document.id for document in flight.windows.on_the_way())


def _refreshes_at_once(served: Served) -> bool:
    """Whether the response's own header sends it on without delay, of which no script is told beforehand."""
    return ", ".join(served.values("Refresh")).partition(";")[0].strip() == "0"


def _acts(page: Page) -> bool:
    """Whether a page may do anything by itself."""
    passive = isinstance(page.body, Fixture) and page.body.name in PASSIVE
    return not passive or page.header("Refresh") is not None
