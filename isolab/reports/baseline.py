"""What changed since an earlier run: outcomes and observed values, case by case and engine by engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isolab.reports.form import BaselineEntry, ChangeEntry, CheckChange, ResultEntry, ResultsFile, VersionChange
from isolab.reports.words import GRAVITY, LABELS, one_line, plural, say
from isolab.scenario.case import EngineName, same

Key = tuple[str, EngineName]


def compared(now: ResultsFile, before: ResultsFile, file: str) -> ResultsFile:
    """Give `now` with its `baseline` filled; `file` is the name by which the earlier one was given."""
    return {**now, "baseline": _baseline(now, before, file)}


def changes_lines(baseline: BaselineEntry) -> Iterator[str]:
    """Say what changed, a line each; the first one says since when and how much."""
    counts = plural(len(baseline["changes"]), "change")
    yield one_line(f"since {baseline['file']} ({baseline['started']}): {', '.join([counts, *beside(baseline)])}")
    for engine in baseline["engines"]:
        yield one_line(f"{engine['engine']}: version {engine['before']} is {engine['after']} now")
    for change in baseline["changes"]:
        yield one_line(f"{change['engine']}: {change['id']}: {outcomes(change)}")
        yield from (f"  {one_line(check_change(check))}" for check in change["checks"])


def beside(baseline: BaselineEntry) -> Iterator[str]:
    """How many cases only one of the two runs had. A case that was not run need not be gone: `-g` leaves many out."""
    if baseline["new"]:
        yield f"{baseline['new']} new"
    if baseline["gone"]:
        yield f"{baseline['gone']} not run this time"


def outcomes(change: ChangeEntry) -> str:
    """`was passed, is failed`, or `failed as before` where only what was observed changed."""
    before, after = LABELS[change["before"]], LABELS[change["after"]]
    return f"{after} as before" if before == after else f"was {before}, is {after}"


def check_change(check: CheckChange) -> str:
    """`popup.opener was preserved, is severed`."""
    before = say(check["before"]) if check["seen_before"] else "not seen"
    after = say(check["after"]) if check["seen_after"] else "not seen"
    return f"{check['what']} was {before}, is {after}"


def _baseline(now: ResultsFile, before: ResultsFile, file: str) -> BaselineEntry:
    new, old = _by_key(now["results"]), _by_key(before["results"])
    return {
        "file": file,
        "started": before["started"],
        "engines": list(_versions(now, before)),
        "changes": [change for key in new if key in old for change in _change(old[key], new[key])],
        "new": len(new.keys() - old.keys()),
        "gone": len(old.keys() - new.keys()),
    }


def _by_key(results: Iterable[ResultEntry]) -> dict[Key, ResultEntry]:
    """Of each case in each engine the worst result."""
    found: dict[Key, ResultEntry] = {}
    for result in results:
        key = result["id"], result["engine"]
        if key not in found or GRAVITY.index(result["outcome"]) < GRAVITY.index(found[key]["outcome"]):
            found[key] = result
    return found


def _versions(now: ResultsFile, before: ResultsFile) -> Iterator[VersionChange]:
    old = {engine["name"]: engine["version"] for engine in before["engines"]}
    for engine in now["engines"]:
        was = old.get(engine["name"], engine["version"])
        if was != engine["version"]:
            yield {"engine": engine["name"], "before": was, "after": engine["version"]}


def _change(before: ResultEntry, after: ResultEntry) -> Iterator[ChangeEntry]:
    checks = list(_check_changes(before, after))
    if before["outcome"] != after["outcome"] or checks:
        yield {
            "id": after["id"],
            "engine": after["engine"],
            "before": before["outcome"],
            "after": after["outcome"],
            "checks": checks,
        }


def _check_changes(before: ResultEntry, after: ResultEntry) -> Iterator[CheckChange]:
    """Compare what both have looked at; what a flight that went wrong has not seen says nothing new."""
    wrong = before["error"] is not None or after["error"] is not None
    old = {check["what"]: check for check in before["checks"]}
    for check in after["checks"]:
        was = old.get(check["what"])
        if was is None or (same(was["observed"], check["observed"]) and was["seen"] == check["seen"]):
            continue
        if wrong and not (was["seen"] and check["seen"]):
            continue
        yield {
            "what": check["what"],
            "before": was["observed"],
            "after": check["observed"],
            "seen_before": was["seen"],
            "seen_after": check["seen"],
        }
