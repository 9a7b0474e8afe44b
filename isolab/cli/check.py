"""`isolab check`: are the scenario files right? No browser, no network."""

from __future__ import annotations

import rich_click as click

from isolab.cli.consoles import note
from isolab.cli.errors import NothingSelected
from isolab.cli.nothing import why_nothing
from isolab.cli.options import verbose_option
from isolab.cli.select import cases_at
from isolab.reports.exit_code import EXIT_OK
from isolab.reports.words import plural
from isolab.scenario.doubts import doubts


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@verbose_option("Tracebacks.")
def check(*, paths: tuple[str, ...], verbose: bool) -> int:  # noqa: ARG001
    """Check scenario files (default: the catalogue) and tell every mistake with its place."""
    cases = cases_at(paths)
    if not cases:
        raise NothingSelected(why_nothing(paths))
    for doubt in doubts(cases):
        note(doubt)
    files = len({case.scenario for case in cases})
    click.echo(f"{plural(files, 'scenario file')}, {plural(len(cases), 'case')}: all right")
    return EXIT_OK
