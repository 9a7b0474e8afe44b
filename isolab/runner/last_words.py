"""What a page has told arrives before a step takes the page away.

Its farewell would tell it again, but is lost now and then where the connection for it has not come about yet (measured,
Firefox 153: the POST of a `pagehide`, kept alive or as a beacon).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from isolab.lab.document import Document
from isolab.waiting import Deadline

if TYPE_CHECKING:
    from isolab.runner.flight import Flight

HEARING_S = 3.0
"""How long a page may take to answer, in seconds, and half of what is left at most. One that takes longer is busy, and
goes without."""


async def hear_out(flight: Flight, document: Document) -> None:
    """Wait until a page has told everything, or is on its way out by itself."""
    with suppress(TimeoutError), Deadline(min(HEARING_S, flight.deadline.left_s / 2)) as soon:
        await flight.answers(document, soon)
