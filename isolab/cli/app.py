"""The command `isolab`: its subcommands, and what becomes of an exception that none of them expects."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import rich_click as click
from click.exceptions import Exit

from isolab import __version__
from isolab.cli.errors import VERBOSE, show, show_defect
from isolab.cli.help import teach
from isolab.cli.on_demand import OnDemand
from isolab.cli.panels import HELP
from isolab.reports.exit_code import EXIT_DEFECT, EXIT_INTERRUPTED, EXIT_OK

PLACES = {
    "run": "isolab.cli.run:run",
    "replay": "isolab.cli.replay:replay",
    "report": "isolab.cli.report:report",
    "list": "isolab.cli.listing:list_",
    "check": "isolab.cli.check:check",
    "explain": "isolab.cli.explain:explain",
    "advise": "isolab.cli.advise:advise",
    "conform": "isolab.cli.conform:conform",
    "serve": "isolab.cli.serve:serve",
    "schema": "isolab.cli.schema:schema",
    "doctor": "isolab.cli.doctor:doctor",
    "completion": "isolab.cli.completion:completion",
}
"""The commands, and where they are."""


class Commands(click.RichGroup):
    """A group whose commands return their exit code, and whose messages all have one form."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; an exception that is nobody's mistake but ours becomes one message."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, Exit, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - the outermost handler: whatever it is, it is our defect
            show_defect(error, verbose=bool(ctx.meta.get(VERBOSE)))
            return EXIT_DEFECT


@click.rich_config(help_config=HELP)
@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="isolab")
def group() -> None:
    """Find out whether browser isolation (COOP, COEP, CORP) gives you what you want and breaks nothing."""


group.commands = OnDemand(PLACES)
teach(group, "isolab")


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Be the command `isolab`, once it is imported (`isolab.cli.start` begins); ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or pipe that is not UTF-8 shows an escape for what it lacks; it must not stop a run.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_exit_code(args))


def _exit_code(args: Sequence[str] | None) -> int:
    try:
        code = group.main(args, prog_name="isolab", standalone_mode=False)
    except click.ClickException as error:
        show(error)
        return error.exit_code
    except click.Abort:
        return EXIT_INTERRUPTED
    return EXIT_OK if code is None else int(code)
