"""Several results files as one, as if they had been one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from isolab.reports.form import VERSION, ConformanceEntry, EnforcementEntry, EngineEntry, ResultsFile
from isolab.reports.merge_rows import merged_rows
from isolab.reports.words import plural
from isolab.runner.result import OUTCOMES


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
        "unavailable": list(dict.fromkeys(why for file in files for why in file["unavailable"])),
        "notes": list(dict.fromkeys([*(note for file in files for note in file["notes"]), *_notes(files)])),
        "engines": _engines(files),
        "results": results,
        "scenarios": {path: text for file in files for path, text in file["scenarios"].items()},
        "not_run": sum(file["not_run"] for file in files),
        "summary": {outcome: counts[outcome] for outcome in OUTCOMES},
        "conformance": _conformance(files),
        "baseline": None,
    }


def _engines(files: Sequence[ResultsFile]) -> list[EngineEntry]:
    """Each engine once, as the first file that has measured it says."""
    engines: dict[str, EngineEntry] = {}
    for file in files:
        for engine in file["engines"]:
            known = engines.get(engine["name"])
            engines[engine["name"]] = engine if known is None else _both(known, engine)
    return list(engines.values())


def _both(first: EngineEntry, other: EngineEntry) -> EngineEntry:
    """That it failed, and what it was seen not to do, is kept from whichever of the two says so."""
    shown = other if first["enforcement"] is None and other["enforcement"] is not None else first
    failed = other["failed"] if first["failed"] is None else first["failed"]
    return {**shown, "enforcement": _measured(first["enforcement"], other["enforcement"]), "failed": failed}


def _measured(first: EnforcementEntry | None, other: EnforcementEntry | None) -> EnforcementEntry | None:
    if first is None or other is None:
        return other if first is None else first
    return {
        "keeps_opener": _least(first["keeps_opener"], other["keeps_opener"]),
        "severs": _least(first["severs"], other["severs"]),
        "isolates": _least(first["isolates"], other["isolates"]),
        "shares_memory": _least(first["shares_memory"], other["shares_memory"]),
        "detail": list(dict.fromkeys([*first["detail"], *other["detail"]])),
    }


def _least(first: bool | None, other: bool | None) -> bool | None:
    """Of two measurements the one that lets less pass; one that saw nothing (None) has no say beside another."""
    return False if False in (first, other) else first or other


def _notes(files: Sequence[ResultsFile]) -> Iterator[str]:
    yield from _mixed(files)
    yield from _twice(files)
    yield from _differing(files)


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


def _twice(files: Sequence[ResultsFile]) -> Iterator[str]:
    """Say where several files have the same case: each of its results counts, as where it was repeated."""
    found = Counter(key for file in files for key in {(each["id"], each["engine"]) for each in file["results"]})
    if several := [id_ for (id_, _), count in found.items() if count > 1]:
        yield f"of several files, and counted each time: {plural(len(several), 'result')}, such as {several[0]}"


def _differing(files: Sequence[ResultsFile]) -> Iterator[str]:
    """Say where the lines that results tell may be those of another text than the one that is kept."""
    texts: dict[str, set[str]] = {}
    for file in files:
        for path, text in file["scenarios"].items():
            texts.setdefault(path, set()).add(text)
    for path, found in texts.items():
        if len(found) > 1:
            yield f"{path} had {len(found)} texts, of which the last is shown: lines that are told may be of another"


def _conformance(files: Sequence[ResultsFile]) -> ConformanceEntry | None:
    found = [file["conformance"] for file in files if file["conformance"] is not None]
    return merged_rows(found) if found else None
