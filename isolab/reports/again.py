"""How to see a result again."""

from __future__ import annotations

import shlex

from isolab.reports.form import ResultEntry


def again(result: ResultEntry) -> str:
    """The command that runs the case again in its engine, as a POSIX shell takes it."""
    return shlex.join(["isolab", "run", result["id"], "-e", result["engine"]])
