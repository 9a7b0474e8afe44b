"""`isolab list`: the scenarios, and how many cases each has."""

from __future__ import annotations

import json
from collections.abc import Iterable

import rich_click as click
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from isolab.cli.consoles import for_people
from isolab.cli.errors import NothingSelected
from isolab.cli.nothing import why_nothing
from isolab.cli.options import grep_option, tag_option, verbose_option
from isolab.cli.select import cases_at, scenario_id
from isolab.reports.exit_code import EXIT_OK
from isolab.reports.words import one_line
from isolab.scenario.case import Case
from isolab.scenario.select import select_cases

_NO_LIMIT = 1_000_000
"""A width in cells that no table needs."""


@click.command("list")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@grep_option
@tag_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, with every case's id.")
@verbose_option("Tracebacks.")
def list_(*, paths: tuple[str, ...], grep: str | None, tags: tuple[str, ...], as_json: bool, verbose: bool) -> int:  # noqa: ARG001
    """List scenarios (default: the catalogue)."""
    cases = select_cases(cases_at(paths), grep, tags)
    if not cases:
        raise NothingSelected(why_nothing(paths, grep, tags))
    scenarios = by_scenario(cases)
    if as_json:
        click.echo(json.dumps([_entry(id_, found) for id_, found in scenarios.items()], indent=1))
    else:
        _print(_table(scenarios))
    return EXIT_OK


def by_scenario(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Group the cases by the id of their scenario."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(scenario_id(case), []).append(case)
    return groups


def _entry(id_: str, cases: list[Case]) -> dict[str, object]:
    first = cases[0]
    return {
        "id": id_,
        "scenario": first.scenario,
        "title": first.title,
        "tags": _tags(cases),
        "cases": [case.id for case in cases],
    }


def _print(table: Table) -> None:
    """Print a line for each scenario in a pipe or file; a terminal too narrow for that gets the rest folded, no id."""
    console = for_people()
    room = Measurement.get(console, console.options.update(width=_NO_LIMIT), table)
    console.width = max(console.width, room.minimum) if console.is_terminal else room.maximum
    console.print(table)


def _table(scenarios: dict[str, list[Case]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("id", no_wrap=True)
    for name in ("title", "tags"):
        table.add_column(name, overflow="fold")
    table.add_column("cases", justify="right")
    for id_, cases in scenarios.items():
        table.add_row(
            *(Text(one_line(text)) for text in (id_, cases[0].title, " ".join(_tags(cases)))), str(len(cases))
        )
    return table


def _tags(cases: list[Case]) -> list[str]:
    return list(dict.fromkeys(tag for case in cases for tag in case.tags))
