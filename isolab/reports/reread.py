"""Results files read again: checked, completed with what older versions did not write, and merged."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from isolab.reports.form import VERSION, ConformanceEntry, EngineEntry, ResultsFile
from isolab.runner.result import OUTCOMES

_LATER: dict[str, dict[str, object]] = {
    "file": {"conformance": None, "baseline": None},
    "result": {"cuts": {}, "line": None, "message": None},
    "check": {"column": 1, "end_column": 1},
    "cut": {"usually_set_by": []},
}
"""Keys that version 1 did not have from its first day, and what they are where they are missing."""


class ResultsError(Exception):
    """A results file that cannot be read; the message says which, where and why, and what to do."""


def read(path: Path) -> ResultsFile:
    """Read a results file. Raises ResultsError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ResultsError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ResultsError(f"{path}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}") from error
    except RecursionError as error:
        raise ResultsError(f"{path}: this is no results file: it is nested too deeply") from error
    return _checked(path, data)


def _checked(path: Path, data: Any) -> ResultsFile:
    if not isinstance(data, dict) or "version" not in data or "results" not in data:
        raise ResultsError(f"{path}: this is no results file: `isolab run --json FILE` writes one")
    if data["version"] != VERSION:
        raise ResultsError(
            f"{path}: this results file has version {data['version']!r}, and this isolab reads version {VERSION}"
        )
    try:
        return _form().validate_python(_completed(data), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        raise ResultsError(f"{path}: {_place(first['loc'])}: {first['msg']}") from error


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


def _place(loc: Sequence[int | str]) -> str:
    """`results[3].checks[0].what`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def merged(files: Sequence[ResultsFile]) -> ResultsFile:
    """Make one of several, as if it had been one run: parts of a catalogue, or engines on several machines.

    What they were compared with is left out: together they are another run.
    """
    if len(files) == 1:
        return files[0]
    results = [result for file in files for result in file["results"]]
    counts = Counter(result["outcome"] for result in results)
    return {
        "version": VERSION,
        "isolab": files[0]["isolab"],
        "started": min(file["started"] for file in files),
        "duration_s": round(sum(file["duration_s"] for file in files), 3),
        "interrupted": any(file["interrupted"] for file in files),
        "defects": [defect for file in files for defect in file["defects"]],
        "unavailable": [why for file in files for why in file["unavailable"]],
        "notes": [*(note for file in files for note in file["notes"]), *_mixed(files)],
        "engines": _engines(files),
        "results": results,
        "not_run": sum(file["not_run"] for file in files),
        "summary": {outcome: counts[outcome] for outcome in OUTCOMES},
        "conformance": _conformance(files),
        "baseline": None,
    }


def _engines(files: Sequence[ResultsFile]) -> list[EngineEntry]:
    """Each engine once, as the first file that has it says; that it failed is kept from whichever file says so."""
    engines: dict[str, EngineEntry] = {}
    for file in files:
        for engine in file["engines"]:
            known = engines.setdefault(engine["name"], engine)
            if known["failed"] is None and engine["failed"] is not None:
                engines[engine["name"]] = {**known, "failed": engine["failed"]}
    return list(engines.values())


def _mixed(files: Sequence[ResultsFile]) -> Iterator[str]:
    """Say where what stands under one name was several browsers."""
    versions: dict[str, list[str]] = {}
    for file in files:
        for engine in file["engines"]:
            seen = versions.setdefault(engine["name"], [])
            if engine["version"] not in seen:
                seen.append(engine["version"])
    for name, seen in versions.items():
        if len(seen) > 1:
            yield f"{name} stands for several versions here: {', '.join(seen)}"


def _conformance(files: Sequence[ResultsFile]) -> ConformanceEntry | None:
    found = [file["conformance"] for file in files if file["conformance"] is not None]
    if not found:
        return None
    return {
        "rows": [row for one in found for row in one["rows"]],
        "refused": [row for one in found for row in one["refused"]],
    }
