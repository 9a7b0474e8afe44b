"""What a row came to in an engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from isolab.conform.differences import NOT_SUPPORTED
from isolab.conform.row import Row
from isolab.conform.staged import Staged
from isolab.runner.result import CaseResult
from isolab.scenario.case import EngineName

Outcome = Literal[
    "agrees", "known difference", "new difference", "unexpected pass", "not supported", "could not be run"
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not played, and why."""

    row: Row
    why: str


@dataclass
class Conformance:
    """What was to be run: `staged` and `refused` rows; `kind_of` knows each played row's kind by its id."""

    staged: Sequence[Staged]
    refused: Sequence[Refused]
    kind_of: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.kind_of = {one.row.id: one.row.kind for one in self.staged}

    def counts(self, results: Iterable[CaseResult], engine: EngineName) -> dict[str, Counter[Outcome]]:
        """How many rows of each kind came to what in an engine; one that was not finished could not be run."""
        counts: dict[str, Counter[Outcome]] = {}
        ran = Counter(self.kind_of.values())
        for result in results:
            if result.engine == engine:
                kind = self.kind_of[result.case.id]
                counts.setdefault(kind, Counter())[outcome(result)] += 1
        for kind, count in ran.items():
            missing = count - min(count, counts.get(kind, Counter()).total())
            counts.setdefault(kind, Counter())["could not be run"] += missing
        for one in self.refused:
            counts.setdefault(one.row.kind, Counter())["could not be run"] += 1
        return counts


def outcome(result: CaseResult) -> Outcome:
    """Say what a played row came to. A row that only a retry made agree counts as agreeing: the run says it."""
    match result.outcome:
        case "passed" | "flaky":
            return "agrees"
        case "unexpected-pass":
            return "unexpected pass"
        case "failed":
            return "new difference"
        case "known-difference":
            notes = [c.difference.note for c in result.checks if c.difference is not None and not c.unexpected_pass]
            lacks = all(note.startswith(NOT_SUPPORTED) for note in notes)
            return "not supported" if lacks else "known difference"
    return "could not be run"
