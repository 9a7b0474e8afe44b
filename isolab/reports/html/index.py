"""What the page's filters go by: a line for each case, in the order in which the page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

from isolab.reports.form import ResultsFile
from isolab.reports.html.overview import Row
from isolab.reports.words import visible
from isolab.runner.result import OUTCOMES, Outcome

NOT_RUN = -1


class Index(TypedDict):
    """What the script reads.

    `cases` has for each case: its id, its title, the numbers of its tags, for each engine the number of its outcome
    (-1: not run), and 1 where anything changed since the baseline.
    """

    engines: list[str]
    outcomes: list[str]
    tags: list[str]
    compared: bool
    cases: list[tuple[str, str, list[int], list[int], int]]


def index(results: ResultsFile, rows: Iterable[Row]) -> Index:
    """Make the index of the rows."""
    tags: dict[str, int] = {}
    baseline = results["baseline"]
    changed = {change["id"] for change in baseline["changes"]} if baseline else set()
    return {
        "engines": [engine["name"] for engine in results["engines"]],
        "outcomes": list(OUTCOMES),
        "compared": baseline is not None,
        "cases": [(row.id, _text(row), _tags(row, tags), _outcomes(row), int(row.id in changed)) for row in rows],
        # Filled by now: a dict's values are made in order.
        "tags": list(tags),
    }


def _text(row: Row) -> str:
    return visible(row.first["title"])


def _tags(row: Row, numbers: dict[str, int]) -> list[int]:
    return [numbers.setdefault(visible(tag), len(numbers)) for tag in row.first["tags"]]


def _outcomes(row: Row) -> list[int]:
    return [NOT_RUN if cell.outcome is None else _NUMBERS[cell.outcome] for cell in row.cells]


_NUMBERS: Mapping[Outcome, int] = {outcome: number for number, outcome in enumerate(OUTCOMES)}
