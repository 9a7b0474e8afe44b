"""Flights without a browser, and runs of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from fake_browser import FakeEngine, FakeSession
from fake_pages import Ways
from written_cases import run

from isolab.engines.engine import Launch
from isolab.lab.server import open_lab
from isolab.runner.events import CaseFinished, Event, RunFinished
from isolab.runner.observe import Observation
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult, Outcome
from isolab.runner.run import run_cases
from isolab.runner.trial import Flown, fly
from isolab.scenario.case import Case
from isolab.waiting import Deadline

Later = Callable[[FakeSession], Awaitable[None]]


def flown(case: Case, ways: Ways | None = None, timeout_s: float = 2.0) -> Flown:
    """One flight of a case in a fake browser."""

    async def work() -> Flown:
        async with open_lab() as lab:
            session = FakeSession(Launch(lab.port, lab.authority.spki), ways or Ways())
            try:
                return await fly(case, "chromium", lab.stage(), await session.slot(), timeout_s=timeout_s)
            finally:
                await session.close()

    return run(work())


def facts(flight: Flown) -> dict[str, Observation]:
    """What was observed, by the checks' names."""
    return {check.what: value for check, value in flight.observed.items()}


@dataclass
class Told:
    """A listener that keeps everything."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def results(self) -> list[CaseResult]:
        return [event.result for event in self.events if isinstance(event, CaseFinished)]

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """By case id, without the file's name."""
        return {result.case.id.removeprefix("written"): result.outcome for result in self.results}

    @property
    def end(self) -> RunFinished:
        last = self.events[-1]
        assert isinstance(last, RunFinished)
        return last


def ran(cases: Sequence[Case], *engines: FakeEngine, options: RunOptions | None = None) -> Told:
    """A whole run in fake engines; it must come to its end, and no task may be left."""
    told = Told()
    made = [one.engine for one in engines or (FakeEngine(),)]
    run(run_cases(cases, made, options or RunOptions(jobs=2), told))
    return told


def deadline(seconds: float) -> Deadline:
    """So many seconds from now; not to be put off."""
    return Deadline(seconds)
