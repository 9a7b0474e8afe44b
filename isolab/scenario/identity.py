"""Case ids: the file's place below `scenarios/` and the matrix values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from isolab.scenario.case import Scalar
from isolab.scenario.wording import plain

_NEEDS_QUOTES = re.compile(r"[,\[\]=\s]")

_WITH_VALUES = re.compile(r"(.*?)(\[[^\[\]=/]+=.*\])", re.DOTALL)


def scenario_id(path: Path) -> str:
    """The file's path without its ending, with `/` on every system.

    Relative to the nearest folder above it that is called `scenarios`, else to the current folder if the file is
    inside, else only the name.
    """
    absolute = path.parent.resolve() / path.name
    for folder in absolute.parents:
        if folder.name == "scenarios":
            return absolute.relative_to(folder).with_suffix("").as_posix()
    current = Path.cwd().resolve()
    inside = absolute.is_relative_to(current)
    return absolute.relative_to(current).with_suffix("").as_posix() if inside else path.stem


def case_id(scenario: str, params: Mapping[str, Scalar]) -> str:
    """`signin/popup[app.coop=absent,relation=cross-site]`; no brackets without a matrix."""
    if not params:
        return scenario
    return f"{scenario}[{','.join(f'{name}={_value(value)}' for name, value in params.items())}]"


def split_id(id_: str) -> tuple[str, str]:
    """The scenario's id and, in brackets, the matrix values of a case's; folders and files may have brackets, too."""
    found = _WITH_VALUES.fullmatch(id_)
    return (found[1], found[2]) if found else (id_, "")


def _value(value: Scalar) -> str:
    if isinstance(value, str) and (not value or _NEEDS_QUOTES.search(value) or not value.isprintable()):
        return json.dumps(value, ensure_ascii=not value.isprintable())
    return plain(value, null="absent")
