"""The commands and options as plain data, for the completion of shells, which has no time to import them.

`python -m isolab.cli.command_tree` writes the file anew after a change of commands or options.
"""

from __future__ import annotations

import json
from typing import Any

import rich_click as click

from isolab.cli.app import group
from isolab.cli.completing import TREE
from isolab.cli.options import EngineParam
from isolab.scenario.case import ENGINE_NAMES

_BY_METAVAR = {
    "FILE": "file",
    "DIR": "folder",
    "TAG": "tag",
    "PATH": "file",
    "[PATH]...": "scenario",
    "CASE": "scenario",
    "RESULTS.json": "file",
    "RESULTS.json...": "file",
}


def tree() -> dict[str, Any]:
    """Describe the command `isolab`: its options, its commands, and what each option takes."""
    commands = {name: _command(command) for name, command in group.commands.items()}
    return {"options": _options(group), "commands": commands}


def text() -> str:
    """The content of `commands.json`."""
    return json.dumps(tree(), indent=1) + "\n"


def _command(command: click.Command) -> dict[str, Any]:
    arguments = [_value(param) for param in command.params if isinstance(param, click.Argument)]
    return {
        "help": command.get_short_help_str(100),
        "argument": arguments[0] if arguments else None,
        "options": _options(command),
    }


def _options(command: click.Command) -> list[dict[str, Any]]:
    return [
        {"names": [*param.opts, *param.secondary_opts], "help": param.help, "many": param.multiple, **_value(param)}
        for param in command.params
        if isinstance(param, click.Option)
    ]


def _value(param: click.Parameter) -> dict[str, Any]:
    """What the parameter takes: `flag`, `words`, `file`, `folder`, `tag`, `scenario`, or any `text`."""
    if isinstance(param, click.Option) and param.is_flag:
        return {"kind": "flag"}
    if isinstance(param.type, EngineParam):
        return {"kind": "words", "words": list(ENGINE_NAMES)}
    if isinstance(param.type, click.Choice):
        return {"kind": "words", "words": [str(word) for word in param.type.choices]}
    if isinstance(param.type, click.Path) and param.metavar not in _BY_METAVAR:
        return {"kind": "file"}
    if param.metavar == "PATH" and isinstance(param, click.Argument):
        return {"kind": "scenario"}
    return {"kind": _BY_METAVAR.get(param.metavar or "", "text")}


if __name__ == "__main__":
    TREE.write_text(text(), encoding="utf-8")
