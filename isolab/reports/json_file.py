"""The results file as JSON text. All of it is ASCII, so no terminal or tool can trip over what a header held."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources

from isolab.reports.form import ResultsFile


def render(results: ResultsFile) -> str:
    """Make the file's text, ending in a line feed. A number that JSON cannot hold (not finite) becomes its name."""
    return dump(results)


def dump(value: object) -> str:
    """Make JSON of anything that JSON can hold, as :func:`render` does."""
    try:
        return _dump(value)
    except ValueError:
        return _dump(_finite(value))


@cache
def schema() -> str:
    """Read the JSON Schema (2020-12) of the results file, as text."""
    return resources.files("isolab.reports").joinpath("results.schema.json").read_text(encoding="utf-8")


def _dump(value: object) -> str:
    return json.dumps(value, indent=1, allow_nan=False) + "\n"


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value
