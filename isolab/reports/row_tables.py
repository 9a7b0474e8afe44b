"""What the rows of a conformance run came to: a table for each engine with a line a kind, and what was not played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal, get_args

from rich.table import Table
from rich.text import Text

from isolab.reports.form import ConformanceEntry
from isolab.reports.words import one_line, plural
from isolab.scenario.case import EngineName

RowOutcome = Literal[
    "agrees", "known difference", "new difference", "unexpected pass", "not supported", "could not be run"
]
ROW_OUTCOMES: tuple[RowOutcome, ...] = get_args(RowOutcome)

_STYLES: Mapping[str, str] = {
    "agrees": "green",
    "known difference": "yellow",
    "new difference": "bold red",
    "unexpected pass": "magenta",
    "not supported": "yellow",
}


def row_counts(conformance: ConformanceEntry, engine: EngineName) -> dict[str, Counter[str]]:
    """How many rows of each kind came to what in an engine; one that was not finished could not be run."""
    counts: dict[str, Counter[str]] = {}
    for row in conformance["rows"]:
        counts.setdefault(row["kind"], Counter()).update(row["outcomes"].get(engine) or ["could not be run"])
    for refused in conformance["refused"]:
        counts.setdefault(refused["kind"], Counter())["could not be run"] += 1
    return counts


def row_table(conformance: ConformanceEntry, engine: EngineName, title: str) -> Table:
    """Lay out the counts of an engine, with their sum at the end."""
    counts = row_counts(conformance, engine)
    total = sum(counts.values(), Counter[str]())
    columns = list(dict.fromkeys((*ROW_OUTCOMES, *total)))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(one_line(title), vertical="bottom")
    for name in columns:
        table.add_column(one_line(name).replace(" ", "\n", 1), justify="right", vertical="bottom")
    for kind in sorted(counts):
        table.add_row(one_line(kind), *(_cell(name, counts[kind][name]) for name in columns))
    table.add_row("all", *(_cell(name, total[name]) for name in columns), style="bold")
    return table


def _cell(name: str, count: int) -> Text:
    return Text(str(count), _STYLES.get(name, "dim") if count else "dim")


def refused_lines(conformance: ConformanceEntry) -> list[str]:
    """Say of which kind how many rows were not played, and why."""
    reasons = Counter((one["kind"], one["why"]) for one in conformance["refused"])
    return [
        f"{one_line(kind)}: {plural(count, 'row')}: {one_line(why)}" for (kind, why), count in reasons.most_common()
    ]
