"""Where a scenario file is, for tools that look from a folder of their own (the root of a repository)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

from isolab.reports.form import ResultsFile

_LAB = re.compile(r"(?P<test>.+) \(its lab(, \d+)?\)", re.DOTALL)


def lab_of(test: str, number: int = 1) -> str:
    """Name what stands for a scenario file where a test declares one with `isolab_lab`.

    Each time that the test expects something is a scenario of its own: the flow is longer by then.
    """
    return f"{test} (its lab)" if number == 1 else f"{test} (its lab, {number})"


def test_of(scenario: str) -> str | None:
    """Give the id of the test that declares the scenario, or None where it is in a file."""
    found = _LAB.fullmatch(scenario)
    return None if found is None else found["test"]


def in_files(results: ResultsFile) -> bool:
    """Whether the scenarios are files: those of a conformance run are written by isolab and kept nowhere."""
    return results["conformance"] is None


def file_of(scenario: str) -> tuple[str, bool]:
    """The file that a scenario is in, and whether lines of the scenario are lines there: not in a test's module."""
    test = test_of(scenario)
    return (scenario, True) if test is None else (test.partition("::")[0], False)


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
