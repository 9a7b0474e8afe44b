"""The cases that a results file tells of, made again from the scenario files that it carries."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from isolab.reports.form import ResultEntry, ResultsFile
from isolab.reports.places import OF_LAB
from isolab.scenario.case import Case, Source
from isolab.scenario.load import load_source

UNEXPECTED = frozenset({"failed", "error", "unexpected-pass", "flaky"})
"""Outcomes that somebody wants to see again."""


class NotRecordedError(Exception):
    """The file carries nothing to run again; the message says why, and what does."""


def narrowed(results: ResultsFile, ids: Collection[str], engines: Collection[str]) -> ResultsFile:
    """Leave the results of these cases in these engines: what the same ones, run again, are compared with."""
    kept = [entry for entry in results["results"] if entry["id"] in ids and entry["engine"] in engines]
    return {**results, "results": kept}


def unexpected_ids(results: ResultsFile, engines: Collection[str]) -> frozenset[str]:
    """The cases that were not as expected, in any engine or in one of those named."""
    found = (entry for entry in results["results"] if entry["outcome"] in UNEXPECTED)
    return frozenset(entry["id"] for entry in found if not engines or entry["engine"] in engines)


def recorded_cases(results: ResultsFile) -> list[Case]:
    """Make each case once, with the id that it had. Raises NotRecordedError, and ScenarioErrors.

    The latter where a file of an older or newer isolab has what this one does not know.
    """
    if results["conformance"] is not None:
        raise NotRecordedError("these are rows of a conformance run: `isolab conform -g ID` plays one again")
    wanted = {entry["id"] for entry in results["results"]}
    loaded = [case for source, scenario in _sources(results) for case in load_source(source, scenario)]
    found = list({case.id: case for case in loaded if case.id in wanted}.values())
    if wanted and not found:
        raise NotRecordedError("no scenario file of its results is in it: run the files themselves with `isolab run`")
    return found


def _sources(results: ResultsFile) -> Iterator[tuple[Source, str]]:
    """Each scenario file in the order of its results, with what the ids of its cases begin with."""
    seen: dict[str, ResultEntry] = {}
    for entry in results["results"]:
        seen.setdefault(entry["scenario"], entry)
    for path, entry in seen.items():
        text = results["scenarios"].get(path)
        if text is not None:
            yield Source(path, text), _named(entry)


def _named(entry: ResultEntry) -> str:
    """What the ids of the file's cases begin with; a test's lab is one case, whose id may have brackets of its own."""
    of_test = entry["scenario"].endswith(OF_LAB)
    return entry["id"] if of_test else entry["id"].partition("[")[0]
