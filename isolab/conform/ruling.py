"""What the rules say of a row, observation by observation, to be held against what the row states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True, slots=True)
class Ruling:
    """The value that an observation must have by the rules, the reason in one sentence, the section that says so."""

    value: Json
    reason: str
    source: str = ""


Rulings = Mapping[str, Ruling]
"""By the observation's name: the path of its key in a row's `expect`, with dots."""


def observations(expect: Mapping[str, Json], place: str = "") -> Iterator[tuple[str, Json]]:
    """Go through what a row expects: each observation by its path with dots. Lists are values."""
    for key, value in expect.items():
        if isinstance(value, dict):
            yield from observations(value, f"{place}{key}.")
        else:
            yield f"{place}{key}", value
