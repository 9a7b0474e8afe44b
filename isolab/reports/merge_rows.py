"""The rows of several conformance runs as those of one: engines on several machines, or parts of the rows."""

from __future__ import annotations

from collections.abc import Sequence

from isolab.reports.form import ConformanceEntry, RefusedEntry, RowEntry

_Key = tuple[str, str, str]


def merged_rows(runs: Sequence[ConformanceEntry]) -> ConformanceEntry:
    """Give each row once with what it came to in every engine; one that was played anywhere was not refused."""
    rows: dict[_Key, RowEntry] = {}
    for row in (row for run in runs for row in run["rows"]):
        known = rows.get(_key(row))
        rows[_key(row)] = row if known is None else _both(known, row)
    refused = {(*_key(one), one["why"]): one for run in runs for one in run["refused"] if _key(one) not in rows}
    return {"rows": list(rows.values()), "refused": list(refused.values())}


def _key(entry: RowEntry | RefusedEntry) -> _Key:
    return entry["id"], entry["kind"], entry["source"]


def _both(first: RowEntry, other: RowEntry) -> RowEntry:
    outcomes = {engine: list(told) for engine, told in first["outcomes"].items()}
    for engine, told in other["outcomes"].items():
        outcomes.setdefault(engine, []).extend(told)
    return {**first, "outcomes": outcomes, "unseen": {**first["unseen"], **other["unseen"]}}
