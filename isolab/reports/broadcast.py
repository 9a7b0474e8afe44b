"""One event to many listeners; a listener that crashes stops neither the run nor the others."""

from __future__ import annotations

import traceback
from collections.abc import Iterable

from isolab.reports.tally import Tally
from isolab.runner.events import Event, Listener


class Broadcast:
    """The Listener that a run is given. The tally hears each event first; a crash is kept in it as a defect."""

    def __init__(self, tally: Tally, listeners: Iterable[Listener]) -> None:
        self._tally = tally
        self._listeners = list(listeners)

    def __call__(self, event: Event) -> None:
        """Pass the event on. Never raises because of a listener; one that raised is not called again."""
        self._tally(event)
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - whatever it is, it is a defect of that listener and reported as one
                self._listeners.remove(listener)
                self._tally.defects.append(traceback.format_exc())
