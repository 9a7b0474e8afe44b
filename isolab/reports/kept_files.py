"""The files that a run kept of its cases, found again: results files move, and what was kept may move with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from isolab.reports.form import ResultsFile


def found_beside(results: ResultsFile, folder: Path) -> ResultsFile:
    """Give the results with each kept file's name as it is found from here.

    A run tells names as it was given `--artifacts`, mostly from the folder that it was started in. What is not there is
    looked for beside the results file, in `folder`; what is nowhere keeps its name.
    """
    entries = results["results"]
    return {
        **results,
        "results": [{**e, "artifacts": [_found(name, folder) for name in e["artifacts"]]} for e in entries],
    }


def missing(results: ResultsFile) -> list[str]:
    """Name the kept files that are not where they are said to be."""
    names = (name for result in results["results"] for name in result["artifacts"])
    return [name for name in names if not _is_file(Path(name))]


def _found(name: str, folder: Path) -> str:
    return next((str(path) for path in _places(name, folder) if _is_file(path)), name)


def _places(name: str, folder: Path) -> Iterator[Path]:
    yield Path(name)
    yield folder / name
    # A run on Windows parts names by what is an ordinary character elsewhere.
    yield folder / name.replace("\\", "/")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        # Any text may stand in a results file: a NUL, a name longer than a name can be.
        return False
