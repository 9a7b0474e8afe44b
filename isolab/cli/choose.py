"""The engines for a run: found on this machine, or the message that says how to get them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import rich_click as click

from isolab.cli.consoles import note
from isolab.cli.errors import Unavailable
from isolab.engines.engine import Engine, EngineError
from isolab.engines.given import find_given
from isolab.engines.registry import as_engine, find_engines
from isolab.engines.remedy import Remedy, missing
from isolab.scenario.case import ENGINE_NAMES, EngineName


def engines_here(names: Sequence[EngineName] | None = None, *, headed: bool = False) -> list[Engine]:
    """Find the named engines, or all (None), on this machine. Raises Unavailable where the search itself fails.

    It does where an environment variable (ISOLAB_FIREFOX) names a program that is not there.
    """
    try:
        return find_engines(names, headed=headed)
    except EngineError as error:
        raise Unavailable(str(error)) from error


def choose_engines(names: Sequence[EngineName], *, headed: bool = False) -> list[Engine]:
    """Find the named engines, or all that are here. Raises Unavailable when one that is asked for, or any, lacks."""
    found = engines_here(names or None, headed=headed)
    here = {engine.name for engine in found}
    absent = [name for name in ENGINE_NAMES if name not in here and (not names or name in names)]
    if names and absent:
        raise Unavailable(
            how_to_get(f"not found on this machine: {', '.join(absent)}", missing(found, absent, headed=headed))
        )
    if not found:
        raise Unavailable(how_to_get("no engine was found on this machine", missing(found, headed=headed)))
    return found


def note_missed(chosen: Iterable[Engine], asked: Collection[EngineName]) -> None:
    """Say which engine is not here where none is asked for by name: a run of the others would say nothing of it."""
    here = {engine.name for engine in chosen}
    absent = [name for name in ENGINE_NAMES if name not in here]
    if absent and not asked:
        note(
            f"nothing is run in {' and '.join(absent)}, not found on this machine (isolab doctor says how to get it); "
            f"with -e, as in -e {absent[0]}, a missing engine is an error"
        )


def engine_given(path: str, names: Sequence[EngineName]) -> Engine:
    """Take the engine at a path, `names` saying which it is. Raises Unavailable."""
    if len(names) > 1:
        raise click.UsageError(f"{path} is one engine: name it once with -e, or leave -e out")
    try:
        return as_engine(find_given(path, names[0] if names else None))
    except EngineError as error:
        raise Unavailable(str(error)) from error


def how_to_get(message: str, remedies: Iterable[Remedy]) -> str:
    """Add to the message, for each engine, why it is not there and the commands of which one gets it."""
    lines, remedies = [message], list(remedies)
    for remedy in remedies:
        lines.append(f"  {remedy.engine}: {remedy.why}; get it with")
        lines.append("\n    or ".join(["    " + remedy.commands[0], *remedy.commands[1:]]))
    if all(remedy.by_install for remedy in remedies):
        lines.append("  or let isolab do it: isolab doctor --install")
    return "\n".join(lines)
