"""How to see a result again."""

from __future__ import annotations

import shlex
from pathlib import Path

from isolab.reports.form import ResultEntry
from isolab.reports.places import test_of
from isolab.resources import resource
from isolab.scenario.identity import split_id


def again(result: ResultEntry, *, row: bool = False) -> str:
    """The command that runs the case again in its engine, as a POSIX shell takes it; `row`: it is one of `conform`."""
    words = _words(result, row=row)
    return shlex.join(words if words[0] == "pytest" else [*words, "-e", result["engine"]])


def again_everywhere(result: ResultEntry, *, row: bool = False) -> str:
    """The command that runs a case again in every engine, as :func:`again` does in one."""
    return shlex.join(_words(result, row=row))


def _words(result: ResultEntry, *, row: bool) -> list[str]:
    if (test := test_of(result["scenario"])) is not None:
        # It has the engine in it.
        return ["pytest", test]
    return ["isolab", "conform", "-g", result["id"]] if row else ["isolab", "run", _target(result)]


def _target(result: ResultEntry) -> str:
    """The id; of a file that was named from the root, and is none of the catalogue, an id would not be found."""
    file = Path(result["scenario"])
    if file.is_absolute() and not file.is_relative_to(resource("scenarios")):
        return f"{result['scenario']}{split_id(result['id'])[1]}"
    return result["id"]
