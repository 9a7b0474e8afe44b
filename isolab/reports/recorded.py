"""The cases that a results file tells of, made again from the scenario files that it carries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from isolab.reports.form import ResultEntry, ResultsFile
from isolab.reports.places import test_of
from isolab.scenario.case import Case, Source
from isolab.scenario.identity import case_id
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
    """Make each case of a scenario file once, with the id that it had. Raises NotRecordedError, and ScenarioErrors.

    The latter where a file of an older or newer isolab has what this one does not know. Cases whose text is not in it,
    and tests of pytest, whose labs have as many scenarios as they expect things, are left out: see `left_out`.
    """
    if results["conformance"] is not None:
        raise NotRecordedError("these are rows of a conformance run: `isolab conform -g ID` plays one again")
    wanted = {entry["id"] for entry in results["results"]}
    loaded = [case for source, scenario in _sources(results) for case in load_source(source, scenario)]
    return list({case.id: case for case in loaded if case.id in wanted}.values())


def left_out(results: ResultsFile, ids: Collection[str], made: Iterable[Case]) -> dict[str, str]:
    """Say of each of these ids that no case was made for what runs it instead."""
    known = {case.id for case in made}
    entries = {entry["id"]: entry for entry in results["results"] if entry["id"] in ids and entry["id"] not in known}
    return {id_: _instead(entry) for id_, entry in entries.items()}


def _instead(entry: ResultEntry) -> str:
    if (test := test_of(entry["scenario"])) is not None:
        return f"a test of pytest: `pytest {test}`"
    return f"its case is not in the text of {entry['scenario']}: `isolab run` where that file is"


def _sources(results: ResultsFile) -> Iterator[tuple[Source, str]]:
    """Each scenario file in the order of its results, with what the ids of its cases begin with."""
    seen: dict[str, ResultEntry] = {}
    for entry in results["results"]:
        seen.setdefault(entry["scenario"], entry)
    for path, entry in seen.items():
        text = results["scenarios"].get(path)
        if text is not None and test_of(path) is None:
            # Folders may have brackets in their names.
            yield Source(path, text), entry["id"].removesuffix(case_id("", entry["params"]))
