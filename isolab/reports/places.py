"""Where a scenario file is, for tools that look from a folder of their own (the root of a repository)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from isolab.reports.form import ResultsFile

OF_LAB = " (its lab)"
"""What follows a test's id where a scenario is no file but what the test declares with `isolab_lab`."""


def in_files(results: ResultsFile) -> bool:
    """Whether the scenarios are files: those of a conformance run are written by isolab and kept nowhere."""
    return results["conformance"] is None


def file_of(scenario: str) -> tuple[str, bool]:
    """The file that a scenario is in, and whether lines of the scenario are lines there: not in a test's module."""
    if scenario.endswith(OF_LAB):
        return scenario.partition("::")[0], False
    return scenario, True


def relative(scenario: str, root: Path) -> str | None:
    """The file's path below `root` with forward slashes; None where it is elsewhere."""
    # Not resolved: a link in the repository is what its readers know.
    absolute = Path(os.path.abspath(scenario))  # noqa: PTH100 - Path.absolute leaves `..` in it
    try:
        return absolute.relative_to(root).as_posix()
    except ValueError:
        return None


def uri(scenario: str, root: Path) -> str:
    """The file as a URI reference: below `root` relative to it, elsewhere with the scheme file."""
    path = relative(scenario, root)
    if path is not None:
        return quote(_bytes(path))
    absolute = Path(os.path.abspath(scenario))  # noqa: PTH100
    try:
        return absolute.as_uri()
    except UnicodeEncodeError:
        return f"file://{quote(_bytes(absolute.as_posix()))}"


def _bytes(path: str) -> bytes:
    """A path as the system has it: names of files need not be UTF-8. One that no system has is made readable."""
    try:
        return os.fsencode(path)
    except UnicodeEncodeError:
        return path.encode("utf-8", errors="backslashreplace")
