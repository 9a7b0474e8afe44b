"""All cases in one engine: slots side by side, controls, retries, and a browser that is started anew when lost."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from isolab.engines.engine import Engine, EngineError, Launch, Session, Slot
from isolab.lab.server import Lab
from isolab.runner.artifacts import Keeping, folder_of, photograph, write_record
from isolab.runner.calibrate import calibrate
from isolab.runner.control_flights import ControlFlights
from isolab.runner.events import CaseFinished, CaseStarted, Enforcement, EngineFailed, EngineStarted, Listener
from isolab.runner.judge import Bench, claims, compared, disappoints, judge, unproven
from isolab.runner.options import RunOptions
from isolab.runner.place import Place
from isolab.runner.result import CaseResult, EngineInfo
from isolab.runner.schedule import Agenda, Group, Unit, with_controls
from isolab.runner.trial import Flown, fly
from isolab.scenario.case import Case, EngineName
from isolab.waiting import Signal

RESTARTS = 2
"""How often in a row a browser that was lost is started again without a case having been finished in between."""

GOOD = frozenset({"passed", "known-difference", "unexpected-pass", "skipped"})


def default_jobs(engine: EngineName) -> int:
    """Slots per engine: enough to fill the waiting times, few enough not to starve what runs beside it.

    Chromium waits more than it works. Firefox gains nothing by more windows than cores (measured), and for WebKit a
    slot may be a browser of its own.
    """
    cores = os.cpu_count() or 2
    return min(3 * cores, 12) if engine == "chromium" else max(2, min(cores, 4))


@dataclass(slots=True)
class _Flight:
    """A flight that is over, and what was kept of it while its windows were still open."""

    unit: Unit
    flown: Flown
    pictures: tuple[str, ...]
    windows: list[str]
    console: list[str]


class EngineRun:
    """Runs cases in one engine and emits their results; every case ends in exactly one CaseFinished.

    A `lasting` one waits for more cases until it is closed.
    """

    def __init__(
        self,
        engine: Engine,
        cases: Sequence[Case],
        lab: Lab,
        options: RunOptions,
        emit: Listener,
        *,
        kept: Keeping,
        lasting: bool = False,
    ) -> None:
        self._lasting = lasting
        self._engine = engine
        self._info = EngineInfo(engine.name, engine.version, engine.driver, engine.executable)
        self._lab = lab
        self._options = options
        self._emit = emit
        self._kept = kept
        self._enforcement = Enforcement()
        self._agenda = Agenda(with_controls(self._not_skipped(cases), engine.name), engine.name)
        self._changed = Signal()
        self._controls = ControlFlights(engine.name, self._fly_later)
        self._unsettled: list[Unit] = []
        self._finished = 0

    def _not_skipped(self, cases: Sequence[Case]) -> list[Case]:
        """The cases that have something to show here; the others are told at once."""
        left = []
        for case in cases:
            if why := self._why_skipped(case):
                self._emit(CaseFinished(CaseResult(case, self._engine.name, "skipped", 0.0, skipped=why)))
            else:
                left.append(case)
        return left

    def _why_skipped(self, case: Case) -> str | None:
        if any(self._engine.name in check.engines for check in case.checks):
            return case.skip.get(self._engine.name)
        return "the scenario expects nothing in this engine"

    def add(self, cases: Sequence[Case]) -> None:
        """Run these as well. To be called on the loop that runs it, before :meth:`close`."""
        units = with_controls(self._not_skipped(cases), self._engine.name)
        self._agenda.extend([unit for unit in units if not self._controls.planned(unit)])
        self._controls.plan(self._agenda)
        self._changed.notify()

    def close(self) -> None:
        """Let it end once everything is done."""
        self._lasting = False
        self._changed.notify()

    async def run(self) -> None:
        """Run everything. Raises nothing but what is a defect of isolab, or a cancellation."""
        in_vain = 0
        while in_vain <= RESTARTS:
            before = self._finished
            try:
                await self._with_browser()
            except* EngineError as group:
                why = _first_message(group)
                in_vain = 1 if self._finished > before else in_vain + 1
            else:
                return
            if not any(self._agenda) and not self._lasting:
                return
        self._emit(EngineFailed(self._info, why))
        self._give_up(why)

    def _give_up(self, why: str) -> None:
        # A driver's log may follow, which has been told once.
        why = why.partition("\n")[0]
        for unit in self._agenda.rest():
            if unit.control is None:
                result = CaseResult(unit.case, self._engine.name, "error", 0.0, error=f"the engine was lost: {why}")
                self._emit(CaseFinished(result))

    async def _with_browser(self) -> None:
        options = self._options
        spki = self._lab.authority.spki
        launch = Launch(self._lab.port, spki, options.headed, options.firefox_preferences)
        async with self._engine.start(launch) as session:
            first = await session.slot()
            if not self._enforcement.complete:
                self._enforcement = await calibrate(self._lab, first, self._engine.name)
                self._info = replace(self._info, version=session.version or self._info.version)
                self._emit(EngineStarted(self._info, self._enforcement))
            self._controls.begin()
            self._controls.plan(self._agenda)
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._work(session, first, tasks))
                    for _ in range((self._options.jobs or default_jobs(self._engine.name)) - 1):
                        tasks.create_task(self._work(session, None, tasks))
            finally:
                # What was flown and not judged, because its control went down with the browser.
                self._agenda.put_back(self._unsettled)
                self._unsettled = []

    # --- work --------------------------------------------------------------------------------------------------------

    async def _work(self, session: Session, slot: Slot | None, tasks: asyncio.TaskGroup) -> None:
        place = Place(self._lab, slot, self._engine.name) if slot else None
        try:
            while (group := await self._next()) is not None:
                left = list(group)
                try:
                    place = place or Place(self._lab, await session.slot(), self._engine.name)
                    await self._fly_group(left, session, place, tasks)
                finally:
                    self._agenda.put_back(left)
        finally:
            if place:
                place.leave()

    async def _next(self) -> Group | None:
        """The next group, or None when nothing is left that could still need one."""

        def look() -> tuple[Group | None] | None:
            group = self._agenda.next()
            return (group,) if group or not (self._unsettled or self._lasting) else None

        return (await self._changed.until(look, None))[0]

    async def _fly_group(self, left: list[Unit], session: Session, place: Place, tasks: asyncio.TaskGroup) -> None:
        """Fly a group's units in order, taking each off once it is done."""
        while left:
            flight = await self._fly(left[0], place)
            if disappoints(flight.flown, self._engine.name) and not await session.alive():
                raise EngineError("the browser ended in the middle of a case")
            self._unsettled.append(left.pop(0))
            # First: what has been measured counts, even if it costs the browser to tidy up behind it.
            tasks.create_task(self._settle(flight))
            await self._tidy(flight.flown, place)

    async def _tidy(self, flown: Flown, place: Place) -> None:
        if place.settle(flown):
            await place.slot.forget()
        await place.slot.clear()

    async def _fly(self, unit: Unit, place: Place) -> _Flight:
        if unit.control is None:
            self._emit(CaseStarted(unit.case, self._engine.name))
        slot, (stage, keep) = place.slot, place.prepare(unit.case)
        timeout_s = self._options.timeout_s or unit.case.timeout_s
        async with place.found_by_browsers(unit.case):
            flown = await fly(unit.case, self._engine.name, stage, slot, timeout_s=timeout_s, keep=keep)
        windows = [stage.canonical(window.url) for window in await slot.windows()]
        console = [stage.canonical(line) for line in slot.console()]
        pictures: list[str] = []
        if (
            self._options.artifacts
            and unit.control is None
            and disappoints(flown, self._engine.name)
            and not self._lost(unit, flown)
        ):
            folder = folder_of(self._options.artifacts, unit.case.id, self._engine.name, unit.attempt)
            pictures = await photograph(self._kept, slot, folder)
        return _Flight(unit, flown, tuple(pictures), windows, console)

    # --- judging -----------------------------------------------------------------------------------------------------

    async def _settle(self, flight: _Flight) -> None:
        """Judge a flight as soon as its control is there; a retry instead of a result where one is left."""
        unit, flown = flight.unit, flight.flown
        if lost := self._lost(unit, flown):
            # Now and then WebKitGTK loses a page for ever as it takes it to another process (measured: 1 of 1000
            # flights), and Chromium a frame; what an engine always does it does again.
            self._kept.note(
                f"{self._engine.name}: {unit.case.id} was flown anew: {', '.join(lost)} was sent and never ran"
            )
            self._agenda.add(replace(unit, anew=True))
        else:
            await self._conclude_flight(flight)
        self._unsettled.remove(unit)
        self._finished += 1
        self._changed.notify()

    def _lost(self, unit: Unit, flown: Flown) -> list[str]:
        """The pages for whose sake a unit is to be flown anew: those that the engine has lost, the first time."""
        return flown.record.lost() if disappoints(flown, self._engine.name) and not unit.anew else []

    async def _conclude_flight(self, flight: _Flight) -> None:
        unit, flown = flight.unit, flight.flown
        self._controls.take(unit, flown)
        if unit.control is None:
            bench = Bench(self._info, self._enforcement)
            control = await self._control(flown, bench) if claims(flown) else None
            result = judge(flown, compared(bench, flown, control) if control else bench)
            result = replace(result, attempts=unit.attempt, artifacts=self._keep(result, flight, control))
            self._conclude(unit, result)

    async def _control(self, flown: Flown, bench: Bench) -> Flown:
        """What a case is held against. One that shows no proof may have failed by chance, to the harm of many cases."""
        control = await self._controls.of(flown.case)
        # A case that is its own control proves by no second flight of itself what no header can have done.
        if control is flown or not unproven(flown, compared(bench, flown, control)):
            return control
        if self._controls.repeat(flown.case, control):
            self._kept.note(f"{self._engine.name}: the control of {flown.case.id} proved nothing and was flown anew")
        return await self._controls.of(flown.case)

    def _conclude(self, unit: Unit, result: CaseResult) -> None:
        again = unit.attempt <= self._options.retries
        if result.outcome not in GOOD and (again or self._lasting):
            self._controls.forget(unit.case)
        if result.outcome not in GOOD and again:
            self._agenda.add(replace(unit, attempt=unit.attempt + 1))
            return
        if unit.attempt > 1 and result.outcome in GOOD:
            result = replace(result, outcome="flaky")
        self._emit(CaseFinished(result))

    def _fly_later(self, unit: Unit) -> None:
        self._agenda.add(unit)
        self._changed.notify()

    def _keep(self, result: CaseResult, flight: _Flight, control: Flown | None) -> tuple[str, ...]:
        if not self._options.artifacts or result.outcome in GOOD:
            return ()
        folder = folder_of(self._options.artifacts, result.case.id, self._engine.name, flight.unit.attempt)
        seen: dict[str, object] = {"windows": flight.windows, "console": flight.console}
        kept = write_record(self._kept, result, flight.flown, seen, folder, pictures=flight.pictures, control=control)
        return (*flight.pictures, *kept)


def _first_message(group: BaseExceptionGroup[EngineError]) -> str:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error)
