"""What failed last time, in `.isolab/last-failed.json` of the current folder: the state behind `--last-failed`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from isolab.reports import files
from isolab.runner.result import CaseResult

FOLDER = Path(".isolab")
STATE = FOLDER / "last-failed.json"
_VERSION = 1

Failed = frozenset[tuple[str, str]]
"""Pairs of a case's id and an engine's name."""


class CorruptStateError(Exception):
    """The state cannot be read; the message says why. It counts as empty then."""


def read() -> Failed:
    """Read what failed last time; empty where there is no state. Raises CorruptStateError."""
    try:
        text = STATE.read_text(encoding="utf-8")
    except FileNotFoundError:
        return frozenset()
    except (OSError, UnicodeDecodeError) as error:
        raise CorruptStateError(f"{STATE} cannot be read: {error}") from error
    try:
        return _parsed(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptStateError(f"{STATE} is damaged and was ignored") from error


def updated(before: Failed, results: Iterable[CaseResult]) -> Failed:
    """Bring the state up to date: what was run again has its new outcome, the rest keeps the old one.

    So an interrupted run, or one of a few cases, does not make isolab forget the others.
    """
    results = tuple(results)
    ran = {(result.case.id, result.engine) for result in results}
    failed = {(result.case.id, result.engine) for result in results if result.outcome in ("failed", "error")}
    return frozenset((before - ran) | failed)


def write(failed: Failed) -> None:
    """Write the state, and beside it what keeps it out of version control. Raises OSError."""
    FOLDER.mkdir(exist_ok=True)
    ignore = FOLDER / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    entries = [{"id": id_, "engine": engine} for id_, engine in sorted(failed)]
    files.write(str(STATE), json.dumps({"version": _VERSION, "failed": entries}, indent=1) + "\n")


def _parsed(state: object) -> Failed:
    if not isinstance(state, dict) or state["version"] != _VERSION:
        raise ValueError(state)
    pairs = frozenset((entry["id"], entry["engine"]) for entry in state["failed"])
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        raise TypeError(pairs)
    return pairs
