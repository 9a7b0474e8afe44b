"""A person's click: found by the page's own script, made by the driver, and made again where it got lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from isolab.engines.engine import Spot, WindowGone
from isolab.lab.document import Document
from isolab.runner.step_errors import Left
from isolab.scenario.case import Click
from isolab.waiting import Deadline

if TYPE_CHECKING:
    from isolab.runner.flight import Flight

ARRIVAL_S = 2.0
"""How much later than the driver's word that its window is gone a page's word of a click may arrive, in seconds."""

HEARD_S = 10.0
"""How long after the driver's click a frame may take to say that it has heard it, in seconds."""

NOT_IN_FRAMES = (
    "the driver has clicked, and the frame has heard nothing. Either something lies over it, or its site is another "
    "than the window's and the driver's mouse ends there, as Firefox's over WebDriver BiDi does"
)
"""Why a frame may be clicked in vain."""


async def press(flight: Flight, step: Click, top: Document, document: Document) -> None:
    """Click in a document, `top` being that of its window; again if a group switch took the window away before.

    Raises TimeoutError where that cannot be done in time.
    """
    before = document.clicks
    spot = await _locate(flight, step, document)
    if not await _stays(flight, top, document, spot, before):
        await _again(flight, top, document, spot, before)


async def _stays(flight: Flight, top: Document, document: Document, spot: Spot, before: int) -> bool:
    """Click. False where the window went away over it and its page has not said that the click arrived."""
    try:
        await flight.slot.click(flight.in_driver_terms(top), spot, max(flight.deadline.left_s, 0.001))
    except WindowGone:
        return await _arrived(flight, document, before)
    if spot.framed:
        await _arrives(flight, document, before)
    return True


async def _again(flight: Flight, top: Document, document: Document, spot: Spot, before: int) -> None:
    """Click until that stays, or until the page's word of the last one comes after all: it may have closed its window.

    That would be looked for until the case's time is up.
    """

    async def click() -> None:
        while not await _stays(flight, top, document, spot, before):
            pass

    clicking = asyncio.create_task(click())
    hearing = asyncio.create_task(flight.record.signal.until(lambda: document.clicks > before or None, None))
    try:
        await asyncio.wait((clicking, hearing), return_when=asyncio.FIRST_COMPLETED)
        if not hearing.done():
            clicking.result()
    finally:
        clicking.cancel()
        hearing.cancel()
        await asyncio.gather(clicking, hearing, return_exceptions=True)


async def _locate(flight: Flight, step: Click, document: Document) -> Spot:
    try:
        place = await flight.ask(document, do="locate", selector=step.selector)
    except TimeoutError as error:
        raise TimeoutError(str(error) or f"nothing that can be seen matches {step.selector}") from error
    if place is None:
        raise Left("the page went away before it was clicked")
    for depth in reversed(range(len(step.frame))):
        around = await flight.document_in(step.window, step.frame[:depth])
        place = await flight.ask(around, do="outside", frame=step.frame[depth], **place)
    return Spot(step.selector, float(place["x"]), float(place["y"]), framed=bool(step.frame))


async def _arrives(flight: Flight, document: Document, before: int) -> None:
    """Wait until a frame has heard a click, or has gone to another page with it. Raises TimeoutError."""
    try:
        async with flight.deadline.bound():
            with Deadline(HEARD_S) as soon:
                await flight.record.signal.until(lambda: document.clicks > before or document.left or None, soon)
    except TimeoutError as error:
        raise TimeoutError(NOT_IN_FRAMES) from error


async def _arrived(flight: Flight, document: Document, before: int) -> bool:
    try:
        with Deadline(min(ARRIVAL_S, flight.deadline.left_s)) as soon:
            return await flight.record.signal.until(lambda: document.clicks > before or None, soon)
    except TimeoutError:
        return False
