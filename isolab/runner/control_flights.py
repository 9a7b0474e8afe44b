"""The controls of one engine's cases: each is flown once, however many cases wait for what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from isolab.runner.control import control_key, sends_no_isolation_header
from isolab.runner.schedule import Unit, control_unit
from isolab.runner.trial import Flown
from isolab.scenario.case import Case, EngineName


class ControlFlights:
    """Has controls flown by `add`, which puts a unit on the agenda."""

    def __init__(self, engine: EngineName, add: Callable[[Unit], None]) -> None:
        self._engine = engine
        self._add = add
        self._flown: dict[str, asyncio.Future[Flown]] = {}
        self._repeated: set[str] = set()

    def begin(self) -> None:
        """A browser begins: what one before it has shown, or was to show, counts for nothing."""
        self._flown = {}
        self._repeated = set()

    def planned(self, unit: Unit) -> bool:
        """Whether a unit is a control that is planned already."""
        return unit.control in self._flown

    def plan(self, units: Iterable[Unit]) -> None:
        """Cases that send no isolation header are the controls of their siblings; others have units of their own."""
        for unit in units:
            own = unit.attempt == 1 and sends_no_isolation_header(unit.case)
            if key := unit.control or (control_key(unit.case, self._engine) if own else None):
                self._expect(key)

    async def of(self, case: Case) -> Flown:
        """What the control of a case shows, once it is flown."""
        unit = control_unit(case, self._engine)
        key = unit.control or ""
        if key not in self._flown:
            self._expect(key)
            self._add(replace(unit, anew=key in self._repeated))
        return await asyncio.shield(self._flown[key])

    def take(self, unit: Unit, flown: Flown) -> None:
        """A unit has been flown: a control shows what others wait for, and so does a case without isolation headers."""
        if unit.control is None and not sends_no_isolation_header(unit.case):
            return
        waiting = self._flown.get(unit.control or control_key(unit.case, self._engine))
        if waiting and not waiting.done():
            waiting.set_result(flown)

    def repeat(self, case: Case, flown: Flown) -> bool:
        """Have the control of a case flown once more, if this is what it has shown. False if it was before."""
        key = control_key(case, self._engine)
        waiting = self._flown.get(key)
        if key in self._repeated or not (waiting and waiting.done() and waiting.result() is flown):
            return False
        self._repeated.add(key)
        del self._flown[key]
        return True

    def forget(self, case: Case) -> None:
        """The control may be what failed: a further attempt, or whoever asks for the case again, wants a further one.

        One that is still to be flown is further enough, and others wait for it.
        """
        key = control_key(case, self._engine)
        if (waiting := self._flown.get(key)) and waiting.done():
            del self._flown[key]
            self._repeated.discard(key)

    def _expect(self, key: str) -> None:
        self._flown.setdefault(key, asyncio.get_running_loop().create_future())
