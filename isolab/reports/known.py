"""The known differences that a run has met, each once."""

from __future__ import annotations

from collections.abc import Iterable

from isolab.reports.form import CheckEntry, DifferenceEntry, ResultEntry


def differences(results: Iterable[ResultEntry]) -> list[tuple[str, DifferenceEntry, int]]:
    """Each known difference that was met: its engine, itself, and in how many checks."""
    met: dict[tuple[str, str, str], tuple[str, DifferenceEntry, int]] = {}
    for result in results:
        for difference in _met(result["checks"]):
            key = (result["engine"], difference["note"], difference["bug"])
            _, first, count = met.get(key, (result["engine"], difference, 0))
            met[key] = (result["engine"], first, count + 1)
    return sorted(met.values(), key=lambda entry: (entry[0], -entry[2]))


def _met(checks: Iterable[CheckEntry]) -> Iterable[DifferenceEntry]:
    return (check["difference"] for check in checks if check["difference"] is not None and not check["unexpected_pass"])
