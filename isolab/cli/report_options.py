"""The options by which `run`, `conform` and `report` are asked for reports: the same ones everywhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import rich_click as click

from isolab.cli.outputs import Baseline, Outputs
from isolab.reports.form import ResultsFile
from isolab.reports.kept_files import found_beside
from isolab.reports.reread import ResultsError, read, read_bytes

Command = Callable[..., int]
_STDIN = "standard input"
"""How messages call what comes through a pipe."""


class ResultsParam(click.ParamType[ResultsFile]):
    """A results file, read at once: a run should not find out at its end that there is nothing to compare with."""

    name = "RESULTS.json"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ResultsFile:
        """Give the results (`-`: of standard input); fails with a usage error that says what is wrong with the file."""
        try:
            if value == "-":
                return read_bytes(_STDIN, sys.stdin.buffer.read())
            path = Path(value)
            return found_beside(read(path), path.parent)
        except ResultsError as error:
            raise click.BadParameter(str(error), ctx, param) from error


class BaselineParam(click.ParamType[Baseline]):
    """An earlier results file, by the name that it was given."""

    name = "RESULTS.json"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Baseline:
        """Give the file's name and its results; fails with a usage error."""
        if isinstance(value, Baseline):
            return value
        results = ResultsParam().convert(value, param, ctx)
        return Baseline(_STDIN if value == "-" else str(value), results)


_OPTIONS = (
    click.option("--json", metavar="FILE", help="Write the results file (`-`: standard output)."),
    click.option("--junit", metavar="FILE", help="Write JUnit XML."),
    click.option("--html", metavar="FILE", help="Write one HTML page."),
    click.option("--sarif", metavar="FILE", help="Write SARIF 2.1.0, for code scanning and editors."),
    click.option("--markdown", metavar="FILE", help="Write Markdown, for comments and summaries."),
    click.option(
        "--github/--no-github",
        default=None,
        help="Annotations and the step's summary for GitHub Actions (default: on where GITHUB_ACTIONS is true).",
    ),
    click.option(
        "--baseline", metavar="FILE", type=BaselineParam(), help="Say what changed since this earlier results file."
    ),
)


def report_options(command: Command) -> Command:
    """Give the command these options, gathered in its argument `outputs`."""

    @wraps(command)
    def gathered(**given: Any) -> int:
        reports = {field.name: given.pop(field.name) for field in fields(Outputs) if field.init}
        return command(outputs=Outputs(**reports), **given)

    return reduce(lambda made, option: option(made), reversed(_OPTIONS), gathered)
