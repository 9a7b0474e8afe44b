"""The known differences that a run has met, and those that are gone, each told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isolab.reports.form import CheckEntry, DifferenceEntry, ResultEntry
from isolab.reports.words import one_line, plural, say


def differences(results: Iterable[ResultEntry]) -> list[tuple[str, DifferenceEntry, int]]:
    """Each known difference that was met: its engine, itself, and in how many checks."""
    met: dict[tuple[str, str, str], tuple[str, DifferenceEntry, int]] = {}
    for result in results:
        for difference in _met(result["checks"]):
            key = (result["engine"], difference["note"], difference["bug"])
            _, first, count = met.get(key, (result["engine"], difference, 0))
            met[key] = (result["engine"], first, count + 1)
    return sorted(met.values(), key=lambda entry: (entry[0], -entry[2]))


def gone(results: Iterable[ResultEntry]) -> Iterator[tuple[ResultEntry, CheckEntry]]:
    """Each check that an engine was said to differ in and does not, with its result, unless it proves nothing."""
    return ((each, check) for each in results for check in each["checks"] if check["ok"] and check["unexpected_pass"])


def differences_lines(results: Iterable[ResultEntry]) -> Iterator[str]:
    """Say each known difference that was met, with its bug and in how many checks."""
    for engine, difference, count in differences(results):
        yield f"{engine}: {_named(difference)}: {plural(count, 'check')}"


def gone_lines(results: Iterable[ResultEntry]) -> Iterator[str]:
    """Say which expectations hold against what was known, and what that was (older files do not tell it)."""
    for result, check in gone(results):
        known = "" if check["difference"] is None else f"; known: {_named(check['difference'])}"
        yield one_line(f"{result['engine']}: {result['id']}: {check['what']} is {say(check['observed'])}{known}")


def _met(checks: Iterable[CheckEntry]) -> Iterator[DifferenceEntry]:
    for check in checks:
        if check["difference"] is not None and check["ok"] and not check["unexpected_pass"]:
            yield check["difference"]


def _named(difference: DifferenceEntry) -> str:
    bug = f" ({one_line(difference['bug'])})" if difference["bug"] else ""
    return f"{one_line(difference['note'])}{bug}"
