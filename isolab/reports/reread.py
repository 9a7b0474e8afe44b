"""Results files read again: checked, and completed with what older versions did not write."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from isolab import __version__
from isolab.reports.form import VERSION, EngineEntry, ResultsFile
from isolab.reports.words import one_line
from isolab.runner.result import OUTCOMES

_LATER: dict[str, dict[str, object]] = {
    "file": {"conformance": None, "baseline": None, "scenarios": {}},
    "result": {"cuts": {}, "line": None, "message": None, "timeline": []},
    "check": {"column": 1, "end_column": 1},
    "cut": {"usually_set_by": []},
}
"""Keys that version 1 did not have from its first day, and what they are where they are missing."""


class ResultsError(Exception):
    """A results file that cannot be read; the message says which, where and why, and what to do."""


def read(path: Path) -> ResultsFile:
    """Read a results file. Raises ResultsError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ResultsError(f"{path}: {error.strerror or error}") from error
    return read_bytes(str(path), data)


def read_bytes(path: str, data: bytes) -> ResultsFile:
    """Read what a results file holds, or what stands for one; `path` is how messages call it. Raises ResultsError."""
    try:
        # Shells of Windows write UTF-16 where output is sent to a file.
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise ResultsError(f"{path}: this is no results file: it is not UTF-8") from error
    return _checked(path, _parsed(path, text))


def _parsed(path: str, text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ResultsError(f"{path}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}") from error
    except _NoNumberError as error:
        raise ResultsError(f"{path}: this is not JSON: {error} is no number there") from error
    except ValueError as error:
        # Python reads no number of so many digits.
        raise ResultsError(f"{path}: this is no results file: a number in it is too long") from error
    except RecursionError as error:
        raise ResultsError(f"{path}: this is no results file: it is nested too deeply") from error


class _NoNumberError(ValueError):
    """A word that Python writes for a number and JSON does not know; the message is the word."""


def _no_number(word: str) -> NoReturn:
    raise _NoNumberError(word)


def _checked(path: str, data: Any) -> ResultsFile:
    if not isinstance(data, dict) or "version" not in data or "results" not in data:
        raise ResultsError(f"{path}: this is no results file: `isolab run --json FILE` writes one")
    # In Python True is 1.
    if data["version"] is True or data["version"] != VERSION:
        newer = isinstance(data["version"], int) and data["version"] > VERSION
        raise ResultsError(
            f"{path}: this results file has version {data['version']!r}, and this isolab reads version {VERSION}"
            f"{': a newer one reads it' if newer else ''}"
        )
    try:
        results = _form().validate_python(_completed(data), strict=True)
    except ValidationError as error:
        raise ResultsError(f"{path}: {_wrong(error.errors()[0])}: {_mend(data)}") from error
    if (what := _twice(results["engines"])) is not None:
        raise ResultsError(f"{path}: {what}: {_mend(data)}")
    # What can be counted is counted, so that no report can contradict another.
    counts = Counter(result["outcome"] for result in results["results"])
    summary: dict[str, int] = {outcome: counts[outcome] for outcome in OUTCOMES}
    return {**results, "engines": [*results["engines"], *_unlisted(results)], "summary": summary}


def _twice(engines: Sequence[EngineEntry]) -> str | None:
    """Say where an engine is listed again: a report by engines would have its results twice."""
    names = [engine["name"] for engine in engines]
    again = (number for number, name in enumerate(names) if name in names[:number])
    return next((f"engines[{number}].name is {names[number]} once more" for number in again), None)


def _unlisted(results: ResultsFile) -> Iterator[EngineEntry]:
    """The engines that only results tell of: 0.1.0 had it so where pytest ended before the engine had started."""
    known = {engine["name"] for engine in results["engines"]}
    for name in dict.fromkeys(result["engine"] for result in results["results"] if result["engine"] not in known):
        yield {
            "name": name,
            "version": "unknown",
            "driver": "unknown",
            "executable": "",
            "enforcement": None,
            "failed": None,
        }


def _mend(data: dict[str, Any]) -> str:
    """What to do about a file of the wrong form: one of another isolab may be right by what that one knows."""
    writer = data.get("isolab")
    if isinstance(writer, str) and writer != __version__:
        return f"isolab {one_line(writer)} wrote the file, and this is {__version__}: read it with that one"
    return "take the file as `isolab run --json FILE` wrote it"


@cache
def _form() -> TypeAdapter[ResultsFile]:
    # Made only where a file is read again: it takes longer than any command should to start.
    return TypeAdapter(ResultsFile)


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    for result in _dicts(data["results"]):
        for check in _dicts(result.get("checks")):
            _complete(check, "check")
        for cut in _dicts([result.get("cut"), *_values(result.get("cuts"))]):
            _complete(cut, "cut")
        _complete(result, "result")
    return _complete(data, "file")


def _complete(entry: dict[str, Any], kind: str) -> dict[str, Any]:
    for key, value in _LATER[kind].items():
        entry.setdefault(key, value)
    return entry


def _dicts(entries: object) -> Iterator[dict[str, Any]]:
    return (entry for entry in (entries if isinstance(entries, list) else []) if isinstance(entry, dict))


def _values(entries: object) -> list[object]:
    return list(entries.values()) if isinstance(entries, dict) else []


_WANTED = {
    "list_type": "a list",
    "dict_type": "an object",
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "finite_number": "a number",
    "string_pattern_mismatch": "a time as 2026-11-22T10:00:00Z",
}
_SCALARS = ("str", "int", "float", "bool", "none")
"""How Pydantic names, at the end of a place, the kind that it tried last."""


def _wrong(error: ErrorDetails) -> str:
    """Say what is wrong where: `results[3].checks[0].what is missing`."""
    kind, loc = error["type"], error["loc"]
    if loc and loc[-1] in _SCALARS:
        return f"{_place(loc[:-1])} is neither text, a number, true, false nor null"
    if kind == "missing":
        return f"{_place(loc)} is missing"
    if kind == "literal_error":
        return f"{_place(loc)} is not {error['ctx']['expected']}"
    if kind == "greater_than_equal":
        return f"{_place(loc)} is less than {error['ctx']['ge']:g}"
    return f"{_place(loc)} is not {_WANTED[kind]}" if kind in _WANTED else f"{_place(loc)}: {error['msg']}"


def _place(loc: Sequence[int | str]) -> str:
    """`results[3].checks[0].what`."""
    return one_line("".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip("."))
