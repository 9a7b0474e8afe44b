"""What a run came to: the listener that keeps everything, and the exit code that follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from isolab.reports.exit_code import exit_code
from isolab.runner.events import (
    CaseFinished,
    CaseStarted,
    Enforcement,
    EngineFailed,
    EngineStarted,
    Event,
    RunFinished,
    RunStarted,
)
from isolab.runner.result import CaseResult, EngineInfo, Outcome
from isolab.scenario.case import EngineName


@dataclass(slots=True)
class Tally:
    """Everything that a run has told so far; complete enough for every report at any moment.

    `defects` holds tracebacks: what went wrong in isolab itself. `unavailable` holds what no engine is to blame for
    (a port that could not be had, a server of the user's own that does not answer). `started` is
    replaced by the run's own time once it begins.
    """

    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    engines: dict[EngineName, EngineInfo] = field(default_factory=dict)
    total: Mapping[EngineName, int] = field(default_factory=dict)
    enforcement: dict[EngineName, Enforcement] = field(default_factory=dict)
    results: list[CaseResult] = field(default_factory=list)
    engine_failures: dict[EngineName, str] = field(default_factory=dict)
    unavailable: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    interrupted: bool = False
    finished: bool = False
    duration_s: float = 0.0

    def __call__(self, event: Event) -> None:
        """Take in one event (the tally is a Listener)."""
        match event:
            case RunStarted():
                self.started, self.total = event.started, event.total
                self.engines = {info.name: info for info in event.engines}
            case EngineStarted():
                # The running browser knows its version better than the search that found it.
                self.engines[event.engine.name] = event.engine
                self.enforcement[event.engine.name] = event.enforcement
            case EngineFailed():
                self.engines.setdefault(event.engine.name, event.engine)
                self.engine_failures[event.engine.name] = event.why
            case CaseFinished():
                self.results.append(event.result)
                self.unavailable.extend(why for why in event.result.unavailable if why not in self.unavailable)
            case RunFinished():
                self._finish(event)
            case CaseStarted():
                pass

    def _finish(self, event: RunFinished) -> None:
        self.finished, self.duration_s = True, event.duration_s
        self.interrupted = self.interrupted or event.interrupted
        self.notes.extend(event.notes)
        if event.defect is not None:
            self.defects.append(event.defect)

    def counts(self, engine: EngineName | None = None) -> Counter[Outcome]:
        """How many results have each outcome, in one engine or in all."""
        return Counter(result.outcome for result in self.results if engine in (None, result.engine))

    def not_run(self) -> int:
        """Cases that were announced and never finished: an engine died or the run was interrupted."""
        return max(0, sum(self.total.values()) - len(self.results))

    def exit_code(self) -> int:
        """Give the exit code that follows from the run (:mod:`isolab.reports.exit_code`)."""
        counts = self.counts()
        return exit_code(
            interrupted=self.interrupted,
            unavailable=bool(self.engine_failures or self.unavailable),
            defect=bool(self.defects),
            failed=bool(counts["failed"] or counts["error"]),
            nothing=not self.results and not sum(self.total.values()),
        )
