"""What a row came to in an engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isolab.conform.differences import NOT_SUPPORTED
from isolab.conform.row import Row
from isolab.conform.staged import Staged
from isolab.reports.row_tables import RowOutcome
from isolab.runner.result import CaseResult


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not played, and why."""

    row: Row
    why: str


@dataclass(frozen=True, slots=True)
class Conformance:
    """What was to be run: rows on their stages, and rows that are not played."""

    staged: Sequence[Staged]
    refused: Sequence[Refused]


def outcome(result: CaseResult) -> RowOutcome:
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
