"""`${{ name }}` in text: found, and filled in with the matrix's values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from isolab.scenario.case import Scalar
from isolab.scenario.positions import Path
from isolab.scenario.wording import plain

OPEN = "${{"
FILLED_SECTIONS = ("hosts", "provider", "pages", "flow", "expect")
"""The top-level keys below which placeholders may stand."""
_PLACEHOLDER = re.compile(r"\$\{\{\s*([^{}]*?)\s*\}\}")
_SERVED = re.compile(r"(url|origin|report)\.(.*)", re.DOTALL)


def placeholders(text: str) -> Iterator[tuple[str, str]]:
    """Each placeholder's whole text and the name in it."""
    for found in _PLACEHOLDER.finditer(text):
        yield found.group(), found.group(1)


def served(name: str) -> tuple[str, str] | None:
    """`url`, `origin` or `report` and what is named of that kind, where the lab fills it in; None for a parameter."""
    found = _SERVED.fullmatch(name)
    return (found.group(1), found.group(2)) if found else None


def fill(data: object, params: Mapping[str, Scalar]) -> object:
    """The data with every parameter's placeholder replaced.

    Text that is nothing but one placeholder takes the value as it is (a null, a number); inside longer text null is
    nothing and booleans are `true` and `false`. Unknown names, `url.`, `origin.` and `report.` stay.
    """
    if isinstance(data, str):
        return _fill_text(data, params) if OPEN in data else data
    if isinstance(data, dict):
        return {key: fill(value, params) for key, value in data.items()}
    if isinstance(data, list):
        return [fill(value, params) for value in data]
    return data


def fill_sections(data: Mapping[str, object], params: Mapping[str, Scalar]) -> dict[str, object]:
    """A scenario's data with the parameters filled in where they may stand."""
    return {key: fill(value, params) if key in FILLED_SECTIONS else value for key, value in data.items()}


def texts(data: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text value that holds a placeholder's beginning, with its path."""
    if isinstance(data, str) and OPEN in data:
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from texts(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from texts(value, (*path, index))


def _fill_text(text: str, params: Mapping[str, Scalar]) -> Scalar:
    whole = _PLACEHOLDER.fullmatch(text)
    if whole and whole.group(1) in params:
        return params[whole.group(1)]
    return _PLACEHOLDER.sub(lambda found: _inside(found, params), text)


def _inside(found: re.Match[str], params: Mapping[str, Scalar]) -> str:
    name = found.group(1)
    return plain(params[name], null="") if name in params else found.group()
