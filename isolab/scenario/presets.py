"""How libraries sign in: `presets.toml`, each with what it was read from and what of it nobody has confirmed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SIDES = ("signin", "returns")
"""The page that opens the window, and the page that the answer comes to."""

_FILE = Path(__file__).with_name("presets.toml")


@dataclass(frozen=True, slots=True)
class Preset:
    """`version` is the one that it was read in; `unconfirmed` says what of it was not, "" for nothing.

    `pages` tells what the scenario has to bring along; `signin` and `returns` are forms as in a scenario file, None
    where the library has no such side.
    """

    name: str
    title: str
    version: str
    pages: str
    sources: tuple[str, ...]
    unconfirmed: str = ""
    signin: Mapping[str, Any] | None = field(default=None, repr=False)
    returns: Mapping[str, Any] | None = field(default=None, repr=False)


@cache
def presets() -> Mapping[str, Preset]:
    """All presets by name, in the file's order."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: _preset(name, entry) for name, entry in data.items()}


def _preset(name: str, entry: Mapping[str, Any]) -> Preset:
    fields = {**entry, "sources": tuple(entry["sources"])}
    return Preset(name=name, **fields)


def preset_names(side: str) -> list[str]:
    """Those that know this side."""
    return [name for name, preset in presets().items() if getattr(preset, side) is not None]


def side_of(name: str, side: str) -> Mapping[str, Any]:
    """What a preset says of one side; nothing for one that has no such side."""
    preset = presets().get(name)
    return (getattr(preset, side) if preset else None) or {}
