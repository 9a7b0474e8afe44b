"""SARIF 2.1.0, as code scanning and editors read it: a result for each expectation that does not hold, at its place.

Known differences are results too, suppressed from outside (OASIS SARIF 2.1.0, section 3.35), with the bug as reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from isolab.reports.complaints import Complaint, Kind, Place, complaints, unfinished
from isolab.reports.form import ResultsFile
from isolab.reports.places import file_of, in_files, uri
from isolab.reports.retold import exit_code_of
from isolab.reports.words import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class _Rule(NamedTuple):
    """What code scanning shows beside a result; GitHub asks for all of it."""

    level: Literal["error", "warning", "note"]
    short: str
    full: str
    help: str


_RULES: dict[Kind | Literal["run"], _Rule] = {
    "expectation": _Rule(
        "error",
        "An expectation of a scenario does not hold in an engine.",
        "A browser did something else than the scenario file expects: a popup lost its opener, a page is not isolated, "
        "or what it embeds was blocked.",
        "The message says what was observed, what the standards predict, and which response cut a link. `isolab report "
        "--html` shows how it came about. Change the headers, or the expectation where it is the one that is wrong.",
    ),
    "case": _Rule(
        "error",
        "A case could not be carried out or judged in an engine.",
        "A step could not be done in time, an engine was lost or does not enforce what is tested, or two witnesses "
        "contradict each other. What the headers do cannot be told from it.",
        "Run the case alone in this engine, with -v and --artifacts. `isolab doctor` says what each engine enforces.",
    ),
    "unexpected-pass": _Rule(
        "warning",
        "A known difference from the standard is gone: the scenario can be mended.",
        "The scenario says under `differences` that the engine differs from the standard, and this version does not.",
        "Narrow the `versions` of the difference, or take it out of the scenario file.",
    ),
    "known-difference": _Rule(
        "note",
        "An engine differs from the standard, as the scenario says.",
        "The engine did what the scenario file has under `differences`, with its bug. The run does not fail for it.",
        "Nothing is to be done, unless your users have this engine: then your headers must do in both ways.",
    ),
    "run": _Rule(
        "error",
        "The run was not whole: an engine, or something else that it needs, was not to be had, or it was broken off.",
        "Some cases were not run, so what is missing among these results says nothing about them.",
        "The message says why. `isolab doctor` says which engines are here and start.",
    ),
}


def render(results: ResultsFile, root: Path) -> str:
    """Make the file's text, ASCII JSON that ends in a line feed; paths are told from `root`."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(results, root)]}
    return json.dumps(log, indent=1) + "\n"


def _run(results: ResultsFile, root: Path) -> dict[str, Any]:
    return {
        "tool": {"driver": {"name": "isolab", "version": results["isolab"], "rules": list(_rules())}},
        "invocations": [_invocation(results)],
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_broken(trouble, results, root) for trouble in _troubles(results)),
            *(_result(complaint, root if in_files(results) else None) for complaint in complaints(results)),
        ],
        "properties": {"engines": {engine["name"]: engine["version"] for engine in results["engines"]}},
    }


def _rules() -> Iterator[dict[str, Any]]:
    for name, rule in _RULES.items():
        yield {
            "id": name,
            "shortDescription": {"text": rule.short},
            "fullDescription": {"text": rule.full},
            "help": {"text": rule.help},
            "defaultConfiguration": {"level": rule.level},
        }


def _invocation(results: ResultsFile) -> dict[str, Any]:
    code = exit_code_of(results)
    troubles = list(_troubles(results))
    return {
        # Whether the tool did its work, whatever it found.
        "executionSuccessful": not troubles,
        "exitCode": code,
        "startTimeUtc": results["started"],
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": visible(trouble)}} for trouble in troubles
        ],
    }


def _troubles(results: ResultsFile) -> Iterator[str]:
    """What kept the run from being whole."""
    yield from (f"{engine['name']}: {engine['failed']}" for engine in results["engines"] if engine["failed"])
    yield from results["unavailable"]
    yield from results["defects"]
    if told := unfinished(results):
        yield told


def _broken(trouble: str, results: ResultsFile, root: Path) -> dict[str, Any]:
    """A result too: code scanning would take a run without results for one that found nothing.

    It takes none without a file, so this stands in the first that the run knows.
    """
    file = next((path for path in results["scenarios"] if in_files(results)), None)
    where = {"physicalLocation": {"artifactLocation": {"uri": uri(file_of(file)[0], root)}}} if file else {}
    return {
        "ruleId": "run",
        "ruleIndex": list(_RULES).index("run"),
        "level": _RULES["run"].level,
        "message": {"text": _no_link(visible(trouble))},
        "locations": [where] if where else [],
        "partialFingerprints": {"isolab/v1": _hash("run", trouble)},
    }


def _result(complaint: Complaint, root: Path | None) -> dict[str, Any]:
    result = complaint.result
    text = "\n".join([complaint.sentence, *complaint.why])
    made: dict[str, Any] = {
        "ruleId": complaint.kind,
        "ruleIndex": list(_RULES).index(complaint.kind),
        "level": _RULES[complaint.kind].level,
        "message": {"text": _no_link(visible(text))},
        "locations": [_location(complaint, root)],
        "partialFingerprints": {"isolab/v1": _fingerprint(complaint)},
        "properties": {"case": result["id"], "engine": result["engine"], "outcome": result["outcome"]},
    }
    if complaint.kind == "known-difference":
        made["suppressions"] = [{"kind": "external", "justification": visible(complaint.why[-1])}]
    return made


def _no_link(text: str) -> str:
    """Part what a viewer would take for a link (SARIF, section 3.11.6): text from outside must not make one."""
    return text.replace("](", "] (")


def _location(complaint: Complaint, root: Path | None) -> dict[str, Any]:
    if root is None:
        return {"logicalLocations": [{"fullyQualifiedName": visible(complaint.result["id"])}]}
    return {"physicalLocation": _physical(complaint, root)}


def _physical(complaint: Complaint, root: Path) -> dict[str, Any]:
    file, has_lines = file_of(complaint.result["scenario"])
    location: dict[str, Any] = {"artifactLocation": {"uri": uri(file, root)}}
    if complaint.place is not None and has_lines:
        location["region"] = _region(complaint.place)
    return location


def _region(place: Place) -> dict[str, int]:
    if place.column is None or place.end_column is None:
        return {"startLine": place.line}
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.line,
        "endColumn": place.end_column,
    }


def _fingerprint(complaint: Complaint) -> str:
    """The same for the same complaint of another day, wherever in the file it stands by then."""
    return _hash(complaint.kind, complaint.result["id"], complaint.result["engine"], complaint.what or "")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", errors="surrogatepass")).hexdigest()[:32]
