"""SARIF 2.1.0, as code scanning and editors read it: a result for each expectation that does not hold, at its place.

Known differences are results too, suppressed from outside (OASIS SARIF 2.1.0, section 3.35), with the bug as reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isolab.reports.complaints import Complaint, Kind, complaints
from isolab.reports.exit_code import EXIT_INTERRUPTED
from isolab.reports.form import ResultsFile
from isolab.reports.places import in_files, uri
from isolab.reports.retold import exit_code_of
from isolab.reports.words import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_RULES: dict[Kind, tuple[str, str]] = {
    "expectation": ("error", "An expectation of a scenario does not hold in an engine."),
    "case": ("error", "A case could not be carried out or judged in an engine."),
    "unexpected-pass": ("warning", "A known difference from the standard is gone: the scenario can be mended."),
    "known-difference": ("note", "An engine differs from the standard, as the scenario says."),
}
"""For each rule its level and what it states."""


def render(results: ResultsFile, root: Path) -> str:
    """Make the file's text, ASCII JSON that ends in a line feed; paths are told from `root`."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(results, root)]}
    return json.dumps(log, indent=1) + "\n"


def _run(results: ResultsFile, root: Path) -> dict[str, Any]:
    return {
        "tool": {"driver": {"name": "isolab", "version": results["isolab"], "rules": list(_rules())}},
        "automationDetails": {"id": f"isolab/{'+'.join(engine['name'] for engine in results['engines'])}"},
        "invocations": [_invocation(results)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(complaint, root if in_files(results) else None) for complaint in complaints(results)],
        "properties": {"engines": {engine["name"]: engine["version"] for engine in results["engines"]}},
    }


def _rules() -> Iterator[dict[str, Any]]:
    for name, (level, stated) in _RULES.items():
        yield {"id": name, "shortDescription": {"text": stated}, "defaultConfiguration": {"level": level}}


def _invocation(results: ResultsFile) -> dict[str, Any]:
    code = exit_code_of(results)
    told = [f"{engine['name']}: {engine['failed']}" for engine in results["engines"] if engine["failed"]]
    troubles = [*told, *results["unavailable"], *results["defects"]]
    return {
        # Whether the tool did its work, whatever it found.
        "executionSuccessful": not troubles and code != EXIT_INTERRUPTED,
        "exitCode": code,
        "startTimeUtc": results["started"],
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": visible(trouble)}} for trouble in troubles
        ],
    }


def _result(complaint: Complaint, root: Path | None) -> dict[str, Any]:
    result = complaint.result
    text = "\n".join([complaint.sentence, *complaint.why])
    made: dict[str, Any] = {
        "ruleId": complaint.kind,
        "ruleIndex": list(_RULES).index(complaint.kind),
        "level": _RULES[complaint.kind][0],
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
    location: dict[str, Any] = {"artifactLocation": {"uri": uri(complaint.result["scenario"], root)}}
    place = complaint.place
    if place is not None:
        region = {"startLine": place.line, "startColumn": place.column, "endColumn": place.end_column}
        location["region"] = {name: value for name, value in region.items() if value is not None}
    return location


def _fingerprint(complaint: Complaint) -> str:
    """The same for the same complaint of another day, wherever in the file it stands by then."""
    parts = (complaint.kind, complaint.result["id"], complaint.result["engine"], complaint.what or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", errors="surrogatepass")).hexdigest()[:32]
