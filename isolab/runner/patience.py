"""How long a control waits for words that its case has heard: where no link is cut, they may never be said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from isolab.waiting import Deadline

if TYPE_CHECKING:
    from isolab.runner.flight import Flight

WORDS_S = 2.0
"""How long the words may take once every page has come, in seconds."""

COMES_S = 10.0
"""How long pages may take to come, in seconds, and half of what is left at most."""


async def heard_in_time(flight: Flight, look: Callable[[], object]) -> bool:
    """Whether the words have come. Before its page has, nobody can say them."""

    def said_or_all_there() -> bool | None:
        flight.windows.claim()
        coming = any(window.expecting for window in flight.windows.open())
        return None if coming and not look() else True

    # Once: a page that never comes would take its time from every step.
    if not flight.hurried:
        with suppress(TimeoutError), Deadline(min(COMES_S, flight.deadline.left_s / 2)) as coming:
            await flight.record.signal.until(said_or_all_there, coming)
    with suppress(TimeoutError), Deadline(min(WORDS_S, flight.deadline.left_s)) as soon:
        return bool(await flight.record.signal.until(look, soon))
    return False
