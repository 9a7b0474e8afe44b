"""How to see a result again."""

from __future__ import annotations

import shlex

from isolab.reports.form import ResultEntry
from isolab.reports.places import OF_LAB


def again(result: ResultEntry, *, row: bool = False) -> str:
    """The command that runs the case again in its engine, as a POSIX shell takes it; `row`: it is one of `conform`."""
    words = _words(result, row=row)
    return shlex.join(words if words[0] == "pytest" else [*words, "-e", result["engine"]])


def again_everywhere(result: ResultEntry, *, row: bool = False) -> str:
    """The command that runs a case again in every engine, as :func:`again` does in one."""
    return shlex.join(_words(result, row=row))


def _words(result: ResultEntry, *, row: bool) -> list[str]:
    if result["scenario"].endswith(OF_LAB):
        # The test's id has the engine in it.
        return ["pytest", result["scenario"].removesuffix(OF_LAB)]
    return ["isolab", *(["conform", "-g"] if row else ["run"]), result["id"]]
