"""Which files a command line means, and which of their cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from isolab.scenario.case import Case, Source
from isolab.scenario.problem import Problem
from isolab.scenario.there import holds
from isolab.scenario.wording import suggestion

_ENDINGS = {".yaml", ".yml"}


def find_files(paths: Sequence[Path]) -> tuple[list[Path], list[Problem]]:
    """The files named and those in the folders named (sorted, each once), and a problem for each that is missing."""
    found: dict[Path, Path] = {}
    problems: list[Problem] = []
    for path in paths:
        if not holds(path.exists):
            problems.append(_missing(path))
        for file in _files(path):
            found.setdefault(file.resolve(), file)
    return list(found.values()), problems


def select_cases(cases: Iterable[Case], grep: str | None = None, tags: Sequence[str] = ()) -> list[Case]:
    """The cases that have each word of `grep` (upper or lower case) in id, title or tags, and one of `tags`, if any."""
    words = (grep or "").casefold().split()
    wanted = set(tags)
    return [
        case
        for case in cases
        if all(word in _told(case) for word in words) and (not wanted or wanted.intersection(case.tags))
    ]


def _told(case: Case) -> str:
    return " ".join((case.id, case.title, *case.tags)).casefold()


def _files(path: Path) -> Iterator[Path]:
    if holds(path.is_dir):
        yield from sorted(file for file in path.rglob("*") if file.suffix in _ENDINGS and file.is_file())
    elif holds(path.exists):
        yield path


def _missing(path: Path) -> Problem:
    hint = suggestion(path.name, _siblings(path), "").strip()
    return Problem("no-file", f"there is no file or folder `{path}`", Source(path.as_posix(), ""), None, hint)


def _siblings(path: Path) -> list[str]:
    try:
        return [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return []
