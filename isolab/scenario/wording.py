"""Small wording helpers of the messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from isolab.scenario.case import Scalar

SIMILAR = 0.6
"""How alike a name and the one that was meant are at least, as `difflib` measures it: from 0 to 1, which is equal."""


def listing(names: Iterable[str]) -> str:
    """The names with commas between, or `none`."""
    return ", ".join(names) or "none"


def suggestion(name: str, choices: Iterable[str], rest: str) -> str:
    """`did you mean ...?` where a choice looks like the name, then `rest`."""
    by_lower = {choice.lower(): choice for choice in choices}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=SIMILAR)
    return f"did you mean `{by_lower[close[0]]}`? {rest}" if close else rest


def no_engine(name: str, engines: Collection[str]) -> tuple[str, str, str]:
    """Code, message and hint for what is none of the engines."""
    hint = suggestion(name, engines, f"the engines are: {listing(engines)}")
    return "unknown-engine", f"there is no engine `{name}`", hint


def shown(value: object) -> str:
    """A value as YAML writes it, text in quotes; a mapping or a list is only called so."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return plain(value) if value is None or isinstance(value, int | float) else f'"{value}"'


def plain(value: Scalar, null: str = "null") -> str:
    """A scalar as text, with `null` for None and YAML's words for booleans."""
    if value is None:
        return null
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def alike(one: Scalar, other: Scalar) -> bool:
    """Equality of YAML scalars; unlike in Python, `true` is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
