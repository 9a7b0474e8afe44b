"""GitHub Actions: annotations beside the lines of scenario files, by the runner's workflow commands.

The commands and their escaping are those of the runner (actions/toolkit, packages/core/src/command.ts). Of each level
GitHub shows the first ten of a step; what is beyond stands in the step's summary (`isolab.reports.markdown`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from isolab.reports.complaints import Complaint, complaints, unfinished
from isolab.reports.form import ResultsFile
from isolab.reports.places import file_of, in_files, relative
from isolab.reports.words import plural, visible

Level = Literal["error", "warning", "notice"]

MOST = 10
"""How many annotations of a level GitHub shows of one step."""

_LEVELS: dict[str, Level] = {"expectation": "error", "case": "error", "unexpected-pass": "warning"}


def render(results: ResultsFile, root: Path) -> str:
    """Make the commands, a line each; `root` is the repository's folder. Known differences are none."""
    return "".join(f"{line}\n" for line in _lines(results, root))


def stop(token: str) -> str:
    """The command after which the runner takes nothing for a command until `resume` with the same token."""
    return f"::stop-commands::{token}\n"


def resume(token: str) -> str:
    """The end of what `stop` began."""
    return f"::{token}::\n"


def _lines(results: ResultsFile, root: Path) -> Iterator[str]:
    troubles = list(_troubles(results))
    yield from troubles
    shown: dict[Level, int] = {"error": len(troubles), "warning": 0, "notice": 0}
    for complaint in complaints(results):
        level = _LEVELS.get(complaint.kind)
        if level is None:
            continue
        shown[level] += 1
        if shown[level] <= MOST:
            yield _annotation(level, complaint, root if in_files(results) else None)
    for kind, count in shown.items():
        if (left := count - max(MOST, len(troubles) if kind == "error" else 0)) > 0:
            yield f"isolab: {plural(left, f'further {kind}')}: the step's summary and the reports have all"


def _troubles(results: ResultsFile) -> Iterator[str]:
    """What kept the run from being whole: all of it, even beyond what GitHub shows."""
    for engine in results["engines"]:
        if engine["failed"] is not None:
            yield _command("error", {"title": f"{engine['name']} could not be used"}, engine["failed"])
    for why in (*results["unavailable"], *results["defects"], *filter(None, [unfinished(results)])):
        yield _command("error", {"title": "isolab"}, why)


def _annotation(level: Level, complaint: Complaint, root: Path | None) -> str:
    properties = {"title": f"{complaint.result['id']} in {complaint.result['engine']}"}
    file, has_lines = file_of(complaint.result["scenario"])
    place, path = complaint.place, None if root is None else relative(file, root)
    if path is not None and not has_lines:
        properties["file"] = path
    elif place is not None and path is not None:
        properties |= {"file": path, "line": str(place.line)}
        if place.column is not None and place.end_column is not None:
            # The runner's columns include the last character.
            properties |= {"endLine": str(place.line), "col": str(place.column)}
            properties["endColumn"] = str(place.end_column - 1)
    return _command(level, properties, "\n".join([complaint.sentence, *complaint.why]))


def _command(level: Level, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{name}={_property(visible(value))}" for name, value in properties.items())
    return f"::{level} {told}::{_data(visible(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
