"""How to see a result again."""

from __future__ import annotations

import shlex

from isolab.reports.form import ResultEntry


def again(result: ResultEntry, *, row: bool = False) -> str:
    """The command that runs the case again in its engine, as a POSIX shell takes it; `row`: it is one of `conform`."""
    command = ["conform", "-g"] if row else ["run"]
    return shlex.join(["isolab", *command, result["id"], "-e", result["engine"]])
