"""What the shell offers at Tab, by click's own mechanism, fast: nothing is imported that knows browsers or scenarios.

The commands and options come from `commands.json`, which :mod:`isolab.cli.command_tree` writes and a test compares with
the commands themselves; the names of the catalogue are read from its files as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

from isolab.cli import catalogue_names

VARIABLE = "_ISOLAB_COMPLETE"
"""The environment variable in which the shell's script says what it wants; click's name for the program `isolab`."""
PROGRAM = "isolab"
TREE = Path(__file__).with_name("commands.json")

Entry = Mapping[str, Any]
Offer = Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]


def answer(instruction: str) -> int:
    """Answer the shell (`bash_complete`, `zsh_source`...) on standard output; returns the exit code."""
    return shell_complete(_group(), {}, PROGRAM, VARIABLE, instruction)


def script(shell: str) -> str:
    """The script that makes a shell ask isolab. Raises ValueError for a shell that click does not know."""
    kind = get_completion_class(shell)
    if kind is None:
        raise ValueError(shell)
    return kind(_group(), {}, PROGRAM, VARIABLE).source()


def _group() -> click.Group:
    tree = json.loads(TREE.read_text(encoding="utf-8"))
    commands = [_command(name, entry) for name, entry in tree["commands"].items()]
    options = [_option(entry) for entry in tree["options"]]
    return click.Group(PROGRAM, commands=commands, params=options, context_settings=_SETTINGS)


_SETTINGS = {"help_option_names": ["-h", "--help"]}


def _command(name: str, entry: Entry) -> click.Command:
    params: list[click.Parameter] = [_option(option) for option in entry["options"]]
    if argument := entry["argument"]:
        params.append(click.Argument(["value"], nargs=-1, **_value(argument)))
    return click.Command(name, params=params, short_help=entry["help"], context_settings=_SETTINGS)


def _option(entry: Entry) -> click.Option:
    flag = entry["kind"] == "flag"
    return click.Option(
        entry["names"], is_flag=flag, multiple=entry["many"], help=entry["help"], **({} if flag else _value(entry))
    )


def _value(entry: Entry) -> dict[str, Any]:
    """What a parameter takes: click completes words, files and folders by itself."""
    types: dict[str, click.ParamType[Any]] = {
        "words": click.Choice(entry.get("words", ())),
        "file": click.Path(),
        "folder": click.Path(file_okay=False),
    }
    offers: dict[str, Offer] = {"scenario": _scenarios, "tag": partial(_plain, catalogue_names.tags)}
    return {"type": types.get(entry["kind"], click.STRING), "shell_complete": offers.get(entry["kind"])}


def _scenarios(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem[str]]:
    """Offer files where what is typed begins one, else ids and folders of the catalogue."""
    file = CompletionItem(begun, type="file")
    if begun.startswith((".", "/", "~")) or (begun and any(Path().glob(f"{begun}*"))):
        return [file]
    # The first: where a shell is told of files, it forgets the words before.
    return [file, *_plain(catalogue_names.targets, _ctx, _param, begun)]


def _plain(
    names: Callable[[], list[str]], _ctx: click.Context, _param: click.Parameter, begun: str
) -> list[CompletionItem[str]]:
    return [CompletionItem(name) for name in names() if name.startswith(begun)]
