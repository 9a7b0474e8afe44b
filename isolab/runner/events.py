"""The event stream of a run. The runner emits; terminal, JSON, JUnit, HTML and the pytest plugin listen.

Order: RunStarted; then per engine EngineStarted (or EngineFailed), CaseStarted and CaseFinished; RunFinished last,
also after an interruption. Events of different engines interleave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from isolab.runner.result import CaseResult, EngineInfo
from isolab.scenario.case import Case, EngineName


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What an engine was seen to enforce before the first case: the ground that severing claims stand on.

    None: not measured, or not seen in time. `detail` has a sentence for each thing that is not known to hold.
    """

    keeps_opener: bool | None = None
    severs: bool | None = None
    isolates: bool | None = None
    shares_memory: bool | None = None
    detail: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be measured."""
        return None not in (self.keeps_opener, self.severs, self.isolates, self.shares_memory)


@dataclass(frozen=True, slots=True)
class RunStarted:
    """`total` counts cases per engine, retries and controls apart."""

    started: datetime
    engines: tuple[EngineInfo, ...]
    total: Mapping[EngineName, int]


@dataclass(frozen=True, slots=True)
class EngineStarted:
    """The engine runs and has been measured."""

    engine: EngineInfo
    enforcement: Enforcement


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """The engine could not be started, or died and could not be started again; `why` is one message."""

    engine: EngineInfo
    why: str


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A case begins in an engine."""

    case: Case
    engine: EngineName


@dataclass(frozen=True, slots=True)
class CaseFinished:
    """A case has its outcome."""

    result: CaseResult


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The end; `defect` is set when isolab itself went wrong (exit code 4)."""

    duration_s: float
    interrupted: bool = False
    defect: str | None = None
    notes: tuple[str, ...] = field(default=())


Event = RunStarted | EngineStarted | EngineFailed | CaseStarted | CaseFinished | RunFinished


class Listener(Protocol):
    """Anything that follows a run. Called in order, on the runner's thread; it must not block for long."""

    def __call__(self, event: Event) -> None: ...
