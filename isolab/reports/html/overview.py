"""The cases at a glance: folder by folder, scenario by scenario, a row for each case and a cell for each engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from isolab.reports.form import EngineEntry, ResultEntry, ResultsFile
from isolab.reports.words import GRAVITY, LABELS, worst
from isolab.runner.result import Outcome
from isolab.scenario.case import EngineName

CALM = frozenset({"passed", "skipped", "known-difference"})
"""Outcomes that ask for no attention."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A case in one engine: no result (it was not run), one, or several (`--repeat`), the worst first."""

    results: tuple[ResultEntry, ...]

    @property
    def outcome(self) -> Outcome | None:
        """The worst outcome, or None where the case was not run."""
        return worst(result["outcome"] for result in self.results)

    @property
    def label(self) -> str:
        """`failed`, `flaky (the worst of 3)`, or `not run`."""
        if self.outcome is None:
            return "not run"
        several = f" (the worst of {len(self.results)})" if len(self.results) > 1 else ""
        return LABELS[self.outcome] + several


@dataclass(frozen=True, slots=True)
class Row:
    """A case and its cells in the order of the engines; `name` tells it from the others of its scenario."""

    id: str
    name: str
    cells: tuple[Cell, ...]

    @property
    def first(self) -> ResultEntry:
        """A result of it: what it says of the case is the same in all."""
        return next(result for cell in self.cells for result in cell.results)


@dataclass(frozen=True, slots=True)
class Group:
    """A scenario file's cases; `name` is the file's, without its folder and its ending."""

    scenario: str
    name: str
    title: str
    rows: tuple[Row, ...]

    @property
    def calm(self) -> bool:
        """Whether nothing in it asks for attention, so that the group can stay folded."""
        return {cell.outcome for row in self.rows for cell in row.cells} <= {*CALM, None}

    @property
    def counts(self) -> tuple[tuple[tuple[Outcome | None, int], ...], ...]:
        """For each engine how many cases came to what, the worst first; None: not run."""
        columns = zip(*(row.cells for row in self.rows), strict=True)
        return tuple(_counted(cell.outcome for cell in column) for column in columns)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder's scenarios."""

    name: str
    groups: tuple[Group, ...]

    @property
    def cases(self) -> int:
        """How many cases there are in it."""
        return sum(len(group.rows) for group in self.groups)


def folders(results: ResultsFile) -> list[Folder]:
    """Make the overview: folders by name, scenarios and cases in the order in which their first results came."""
    return [Folder(name, tuple(found)) for name, found in groupby(sorted(_groups(results), key=_folder), key=_folder)]


def _groups(results: ResultsFile) -> Iterator[Group]:
    by_scenario: dict[str, dict[str, list[ResultEntry]]] = {}
    for result in results["results"]:
        by_scenario.setdefault(result["scenario"], {}).setdefault(result["id"], []).append(result)
    for scenario, cases in by_scenario.items():
        rows = tuple(_row(id_, found, results["engines"]) for id_, found in cases.items())
        yield Group(scenario, _name(scenario), _common_title(cases), rows)


def _folder(group: Group) -> str:
    """The place by the id, as people know it: where the file lies on the machine says little on another one."""
    return group.rows[0].id.partition("[")[0].rpartition("/")[0]


def _name(scenario: str) -> str:
    return scenario.replace("\\", "/").rpartition("/")[2].removesuffix(".yaml").removesuffix(".yml") or scenario


def _common_title(cases: Mapping[str, Iterable[ResultEntry]]) -> str:
    """Give the title where all cases of the file share it; titles that depend on the matrix differ."""
    titles = {result["title"] for found in cases.values() for result in found}
    return titles.pop() if len(titles) == 1 else ""


def _row(id_: str, found: Iterable[ResultEntry], engines: Iterable[EngineEntry]) -> Row:
    by_engine: dict[EngineName, list[ResultEntry]] = {}
    for result in found:
        by_engine.setdefault(result["engine"], []).append(result)
    return Row(id_, _distinct(id_), tuple(_cell(by_engine.get(engine["name"], ())) for engine in engines))


def _cell(results: Iterable[ResultEntry]) -> Cell:
    return Cell(tuple(sorted(results, key=lambda result: GRAVITY.index(result["outcome"]))))


def _distinct(id_: str) -> str:
    """Give what stands in the brackets of an id, or the id where it has none."""
    head, bracket, params = id_.partition("[")
    return params.removesuffix("]") if bracket and head else id_


def _counted(outcomes: Iterable[Outcome | None]) -> tuple[tuple[Outcome | None, int], ...]:
    counts = Counter(outcomes)
    order: list[Outcome | None] = [*GRAVITY, None]
    return tuple((outcome, counts[outcome]) for outcome in order if counts[outcome])
