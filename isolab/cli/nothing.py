"""Why nothing is selected: what was asked for, in the words of the command line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from isolab.cli.last_failed import STATE, Failed
from isolab.scenario.case import EngineName

_MOST = 3
"""So many names are told before `and 7 more`."""


def why_nothing(paths: Sequence[str], grep: str | None = None, tags: Sequence[str] = ()) -> str:
    """Write the message where no case is in the paths (none: the catalogue), or none has the text and a tag."""
    asked = filters(grep, tags)
    where = _where(paths)
    if asked:
        return f"nothing selected: no case in {where} matches {asked}"
    return f"nothing selected: there is no scenario in {where}"


def why_none_failed(
    failed: Failed, paths: Sequence[str], grep: str | None, tags: Sequence[str], engines: Sequence[EngineName]
) -> str:
    """Write the message where there are such cases, and `--last-failed` leaves none of them."""
    if not failed:
        return (
            f"nothing selected: no failed case is on record in {STATE} (nothing failed last time, or nothing was run "
            "in this folder); select without --last-failed: by PATH, --grep or --tag"
        )
    asked = filters(grep, tags)
    matching = f" that match {asked}" if asked else ""
    where = f" in {', '.join(engines)}" if engines else ""
    told = [f"{id_} in {engine}" for id_, engine in sorted(failed)]
    head = f"nothing selected: none of the cases in {_where(paths)}{matching} failed last time{where}; what failed:"
    return "\n  ".join([head, *_few(told)])


def _where(paths: Sequence[str]) -> str:
    return ", ".join(_few(paths)) or "the catalogue"


def filters(grep: str | None, tags: Sequence[str]) -> str:
    """Write the options that select cases as somebody typed them; empty where there are none."""
    asked = [] if grep is None else ["--grep", grep]
    for tag in tags:
        asked += ["--tag", tag]
    return shlex.join(asked)


def _few(names: Sequence[str]) -> list[str]:
    rest = len(names) - _MOST
    return [*names[:_MOST], f"and {rest} more"] if rest > 0 else list(names)
