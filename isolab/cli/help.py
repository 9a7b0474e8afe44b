"""What `--help` teaches beside each option: panels by purpose, examples to copy, and what the exit codes mean.

Kept apart from the commands: an option that no panel names is shown under `Options`, so a new one needs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import rich_click as click
from rich.text import Text
from rich_click.rich_panel import RichOptionPanel

from isolab.cli.examples import EXAMPLES, EXIT_CODES, Example

CONFIG: Mapping[str, Any] = {
    # One column for the name and its value: at 80 columns the sentences need the room.
    "options_table_column_types": ["opt_short", "opt_long_metavar", "help"],
    "append_metavars_help_string": "{}",
    "max_width": 100,
}
"""How rich-click lays out a page of help; subcommands have it from the group."""

PANELS: Mapping[str, tuple[str, ...]] = {
    "What to run": (
        "--engine", "--grep", "--tag", "--last-failed", "--part", "--list", "--executable", "--watch", "--baseline",
    ),
    "How to run it": ("--jobs", "--repeat", "--retries", "--timeout", "--headed", "--firefox-pref"),
    "What to write": (
        "--json", "--junit", "--html", "--sarif", "--markdown", "--github", "--artifacts", "--write", "--output",
    ),
    "What to show": ("--quiet", "--verbose", "--version", "--help"),
}  # fmt: skip
"""The options of each panel by their long names, whichever commands have them."""

FEWEST = 10
"""A command with fewer options than this is shown as one list."""


def teach(command: click.Command, name: str | None = None) -> None:
    """Give a command its panels, its examples and its exit codes, those of `name` if it is not called so itself."""
    known = [param.opts[-1] for param in command.params if isinstance(param, click.Option)]
    if len(known) >= FEWEST and isinstance(command, click.RichCommand):
        command.panels += _panels([*known, "--help"])
    for param in command.params:
        if isinstance(param.type, click.IntRange) and param.metavar is None:
            # `INTEGER RANGE [x>=1]` takes half a line.
            param.metavar = "N"
    name = name or command.name or ""
    # rich-click takes a Text as it stands; a str would be folded into one paragraph.
    command.epilog = epilog(EXAMPLES.get(name, ()), EXIT_CODES.get(name, ()))  # type: ignore[assignment]


def epilog(examples: Iterable[Example], codes: Iterable[tuple[int, str]]) -> Text:
    """Write what comes below the options: commands to copy, each with what it is for, and the exit codes."""
    shown, told = list(examples), list(codes)
    lines = [Text("Examples:", "bold")] if shown else []
    for example in shown:
        lines += [Text(f"  # {example.purpose}", "dim"), Text(f"  {example.command}", "cyan")]
    if told:
        lines += [Text()] * bool(lines) + [Text("Exit codes:", "bold")]
    lines += [Text(f"  {code:<4} {meaning}") for code, meaning in told]
    return Text("\n").join(lines)


def _panels(known: Iterable[str]) -> list[RichOptionPanel]:
    mine = set(known)
    chosen = {title: [name for name in names if name in mine] for title, names in PANELS.items()}
    return [RichOptionPanel(title, options=names) for title, names in chosen.items() if names]
