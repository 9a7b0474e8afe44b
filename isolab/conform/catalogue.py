"""Which rows there are, and all of them on their stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Literal, get_args

from isolab.conform.differences import Differences, read_differences, with_differences
from isolab.conform.matrix import matrix_rows
from isolab.conform.outcome import Conformance, Refused
from isolab.conform.reader import NotStagedError, well_formed
from isolab.conform.row import Row, RowsError, read_rows
from isolab.conform.stage import stage
from isolab.conform.staged import Staged
from isolab.resources import resource

Part = Literal["rows", "matrix"]
PARTS: tuple[Part, ...] = get_args(Part)


def folder() -> Path:
    """Where isolab's own rows and the known differences are."""
    return resource("scenarios") / "conformance"


def known_differences() -> Differences:
    """Read what is known of the engines. Raises RowsError."""
    return read_differences(folder() / "differences.toml")


def rows_of(files: Sequence[Path], part: Part | None = None) -> list[Row]:
    """Read the rows of the files; without any, isolab's own and the matrix, or only that `part`.

    Raises RowsError, also where two files have rows of one id.
    """
    found = list(_rows(files or sorted(folder().glob("*.json")))) if files or part != "matrix" else []
    return found if files or part == "rows" else [*found, *matrix_rows()]


def _rows(files: Iterable[Path]) -> Iterator[Row]:
    seen: dict[str, Path] = {}
    for row, file in chain.from_iterable(((row, file) for row in read_rows(file)) for file in files):
        if row.id in seen:
            raise RowsError(f"{file} has a row `{row.id}`, and {seen[row.id]} has one too: give it another id")
        seen[row.id] = file
        yield row


def stage_all(rows: Iterable[Row], known: Differences) -> Conformance:
    """Stage the rows, each with what is known of it."""
    staged: list[Staged] = []
    refused: list[Refused] = []
    for row in rows:
        try:
            with well_formed():
                staged.append(with_differences(stage(row), known))
        except NotStagedError as error:
            refused.append(Refused(row, str(error)))
    return Conformance(staged, refused)
