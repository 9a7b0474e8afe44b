"""What `--help` teaches below the options: examples to copy, and what the exit codes mean."""

from __future__ import annotations

from collections.abc import Iterable

import rich_click as click
from rich.text import Text

from isolab.cli.examples import EXAMPLES, EXIT_CODES, Example

MOST = 4
"""So many words that an option takes are shown in place of its value."""


def teach(command: click.Command, name: str | None = None) -> None:
    """Give a command its examples and its exit codes, those of `name` if it is not called so itself."""
    for param in command.params:
        if isinstance(param.type, click.IntRange) and param.metavar is None:
            # `INTEGER RANGE [x>=1]` takes half a line.
            param.metavar = "N"
        if isinstance(param, click.Option) and isinstance(param.type, click.Choice) and len(param.type.choices) > MOST:
            # So many words would be cut; beside the sentence there is room for them.
            param.metavar = "NAME"
            param.help = f"{param.help} One of {', '.join(map(str, param.type.choices))}."
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
