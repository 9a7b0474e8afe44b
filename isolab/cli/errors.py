"""How a command ends early: one message and the exit code of its kind."""

from __future__ import annotations

import traceback

import rich_click as click
from rich.console import Console
from rich.text import Text

from isolab.reports.closing import defect_text, print_all
from isolab.reports.exit_code import EXIT_NOTHING, EXIT_UNAVAILABLE, EXIT_USAGE
from isolab.reports.words import visible

VERBOSE = "isolab.verbose"
"""The key in `click.Context.meta` that says whether tracebacks are wanted."""


class BadScenario(click.ClickException):
    """A scenario file has mistakes; the message has been rendered already, carets and all."""

    exit_code = EXIT_USAGE


class BadRows(click.ClickException):
    """A file of conformance rows has a mistake."""

    exit_code = EXIT_USAGE


class Unavailable(click.ClickException):
    """An engine or a port is not to be had; the message says how to get it."""

    exit_code = EXIT_UNAVAILABLE


class NothingSelected(click.ClickException):
    """What was asked for selects no case."""

    exit_code = EXIT_NOTHING


def show(error: click.ClickException) -> None:
    """Print the message on standard error, unwrapped, so that excerpts keep their form."""
    message = visible(error.format_message())
    lines = Text() if message.startswith("error: ") else Text("error: ", "bold red")
    lines.append(message, "not bold default")
    if isinstance(error, click.UsageError) and error.ctx is not None:
        lines.append(f"\n  {error.ctx.command_path} --help shows what it takes", "not bold dim")
    print_all(Console(stderr=True), [lines])


def show_defect(error: BaseException, *, verbose: bool) -> None:
    """Print that isolab itself went wrong."""
    text = "".join(traceback.format_exception(error))
    print_all(Console(stderr=True), [defect_text(text, verbose=verbose)])
