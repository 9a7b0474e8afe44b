"""A row: one case that a test suite states, as data; and the files that hold them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = Any
ABOUT = ("id", "kind", "source", "subtest", "wpt_rev", "tentative", "superseded", "known_failures", "note")
"""What is said about a row; everything else but `expect` says what is to be done."""


class RowsError(Exception):
    """A file that holds no rows: the message has its place, what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One case. `setting` says what is served and done, in the words of its `kind`; `expect` what comes of it.

    `source` is the file of web-platform-tests (`subtest` in it) that states it. `superseded` says why the standard is
    another by now: then only what `note` says still holds. `known_failures` has a hint for each engine that failed.
    """

    id: str
    kind: str
    setting: Mapping[str, Json]
    expect: Mapping[str, Json]
    source: str = ""
    subtest: str = ""
    note: str = ""
    tentative: bool = False
    superseded: str = ""
    known_failures: Mapping[str, str] = field(default_factory=dict)


def read_rows(path: Path) -> list[Row]:
    """Read a file of rows: a JSON list of objects. Raises RowsError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RowsError(f"{path}: the file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RowsError(f"{path}: the file is not UTF-8: save it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise RowsError(f"{path}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}") from error
    except RecursionError as error:
        raise RowsError(f"{path}: lists in lists, deeper than can be read: rows are a list of flat objects") from error
    if not isinstance(data, list):
        raise RowsError(f"{path}: the file holds no list: rows are written as [{{...}}, {{...}}]")
    return list(_rows(path, data))


def _rows(path: Path, data: Sequence[Json]) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for number, entry in enumerate(data, start=1):
        where = f"{path}: row {number}"
        row = _row(where, entry)
        if row.id in seen:
            raise RowsError(f"{where} has the id of row {seen[row.id]}, `{row.id}`: give it another one")
        seen[row.id] = number
        yield row


def _row(where: str, entry: Json) -> Row:
    if not isinstance(entry, dict):
        raise RowsError(f"{where} is no object: write it as {{...}}")
    identity, kind = (_text(where, entry, key, required=True) for key in ("id", "kind"))
    where = f"{where} (`{identity}`)"
    return Row(
        id=identity,
        kind=kind,
        setting={key: value for key, value in entry.items() if key not in (*ABOUT, "expect")},
        expect=_mapping(where, entry, "expect", required=True),
        source=_text(where, entry, "source"),
        subtest=_text(where, entry, "subtest"),
        note=_text(where, entry, "note"),
        tentative=entry.get("tentative") is True,
        superseded=_text(where, entry, "superseded"),
        known_failures=_mapping(where, entry, "known_failures"),
    )


def _text(where: str, entry: Mapping[str, Json], key: str, *, required: bool = False) -> str:
    value = entry.get(key, None if required else "")
    if not isinstance(value, str) or (required and not value):
        raise RowsError(f'{where}: `{key}` is {"missing" if value is None else "no text"}: write "{key}": "..."')
    return value


def _mapping(where: str, entry: Mapping[str, Json], key: str, *, required: bool = False) -> Mapping[str, Json]:
    value = entry.get(key, None if required else {})
    if not isinstance(value, dict):
        raise RowsError(f'{where}: `{key}` is {"missing" if value is None else "no object"}: write "{key}": {{...}}')
    return value
