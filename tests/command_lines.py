"""Whether command lines of `isolab` that stand in documentation are such that it would take them."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import rich_click as click

from isolab.cli.app import group
from isolab.reports import json_file
from isolab.reports.document import document
from isolab.reports.tally import Tally


def isolab_commands(text: str) -> list[str]:
    """Every command `isolab ...` of a shell text: alone on its line, after `$ `, in a pipe or a chain."""
    joined = text.replace("\\\n", " ")
    parts = (part.strip() for line in joined.splitlines() for part in _parts(line))
    return [part for part in parts if part.startswith("isolab ")]


def _parts(line: str) -> list[str]:
    bare = re.sub(r"^\s*(- |\$ |run: )+", "", line)
    return re.split(r" \| | && |; ", re.sub(r"\s+#.*$", "", bare))


def accept(command: str) -> None:
    """Have click read the arguments; raises its UsageError where one is wrong. Nothing is run."""
    words = shlex.split(command)[1:]
    ends = [number for number, word in enumerate(words) if word in (">", "<", ">>")]
    words = words[: ends[0]] if ends else words
    if words[0] == "--help":
        return
    known = group.commands.get(words[0])
    if known is None:
        raise click.UsageError(f"there is no command {words[0]}")
    # Below the group, as it is called: what it hands down (`-h`) is kept by the command.
    parent = click.RichContext(group, info_name="isolab", **group.context_settings)
    if words[0] in ("report", "replay") or "--baseline" in words:
        # Results files are read while the line is.
        words = [_results_file() if word.endswith(".json") and "baseline" not in word else word for word in words]
    known.make_context(words[0], words[1:], parent=parent)


@cache
def _results_file() -> str:
    path = Path(mkdtemp()) / "results.json"
    path.write_text(json_file.render(document(Tally())), encoding="utf-8")
    return str(path)
