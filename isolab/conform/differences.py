"""Known differences of engines from the rows: data, each with its bug, its versions and when it was first seen."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from isolab.conform.features import FEATURES, Feature, without
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Json, Row, RowsError
from isolab.conform.stage import act
from isolab.conform.staged import Staged
from isolab.scenario.case import Check, Difference, EngineName, Scalar, same
from isolab.scenario.strict import Strict
from isolab.scenario.values import BugLink, ScalarValue, Versions

NOT_SUPPORTED = "not supported: "
"""How the note of a difference begins that comes of a feature that the engine lacks."""


class Known(Strict):
    """How an engine differs in some rows: `rows` are ids, with `*` for any text; `observed` is check -> value.

    `where` narrows it to rows of a form, so that it holds for rows that nobody has seen yet: a field of the row, as a
    path with dots, and what it may be, with `*` for any text; a field that is null or not there is "null".
    """

    engine: EngineName
    versions: Versions = ""
    rows: Annotated[list[str], Field(min_length=1)]
    where: dict[str, Annotated[list[str], Field(min_length=1)]] = Field(default_factory=dict)
    observed: Annotated[dict[str, ScalarValue], Field(min_length=1)]
    bug: BugLink
    note: Annotated[str, Field(min_length=1)]
    first_seen: str

    def names(self, row: Row) -> bool:
        """Whether the row is among them, by its id and its fields."""
        fields = ((_field(row.setting, path), wanted) for path, wanted in self.where.items())
        return _matches(row.id, self.rows) and all(_matches(text, wanted) for text, wanted in fields)


class Lacking(Strict):
    """A feature that an engine lacks: its rows come to what the rules say of them without it."""

    engine: EngineName
    versions: Versions = ""
    feature: Feature
    bug: BugLink
    first_seen: str


class Differences(Strict):
    """The file's form."""

    lacking: list[Lacking] = Field(default_factory=list)
    known: list[Known] = Field(default_factory=list)


def _matches(text: str, patterns: Iterable[str]) -> bool:
    """Whether a pattern is of this text. Only `*` has a meaning: the ids of the matrix have brackets."""
    return any(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) for pattern in patterns)


def read_differences(path: Path) -> Differences:
    """Read the file. Raises RowsError."""
    try:
        return Differences.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise RowsError(f"{path}: the file cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RowsError(f"{path}: this is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise RowsError(f"{path}: {place}: {first['msg']}") from error


def with_differences(staged: Staged, known: Differences) -> Staged:
    """Add to each check of a row what is known to be otherwise in some engine."""
    found = [*_known(staged, known.known), *_lacking(staged, known.lacking)]
    checks = tuple(_with(check, [d for what, d in found if what == check.what]) for check in staged.case.checks)
    return replace(staged, case=replace(staged.case, checks=checks))


def _with(check: Check, differences: Iterable[Difference]) -> Check:
    told = tuple(replace(d, span=check.span) for d in differences if not same(d.observed, check.expected))
    return replace(check, differences=told)


Found = tuple[str, Difference]


def _known(staged: Staged, known: Iterable[Known]) -> Iterator[Found]:
    span = staged.case.checks[0].span
    for entry in known:
        if entry.names(staged.row):
            for what, value in entry.observed.items():
                yield what, Difference(entry.engine, entry.versions, value, entry.bug, entry.note, span)


def _field(data: Json, path: str) -> str:
    """What a row has at a path, as text; nothing there is `null`."""
    for key in path.split("."):
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, str) else json.dumps(data)


def _lacking(staged: Staged, lacking: Sequence[Lacking]) -> Iterator[Found]:
    span = staged.case.checks[0].span
    for engine, versions in dict.fromkeys((entry.engine, entry.versions) for entry in lacking):
        together = [entry for entry in lacking if (entry.engine, entry.versions) == (engine, versions)]
        together.sort(key=lambda entry: FEATURES.index(entry.feature))
        row, missed = _without(staged.row, together)
        note = f"{NOT_SUPPORTED}{', '.join(entry.feature for entry in missed)}"
        for what, value in _expected(row).items() if missed else ():
            yield what, Difference(engine, versions, value, missed[0].bug, note, span)


def _without(row: Row, lacking: Iterable[Lacking]) -> tuple[Row, list[Lacking]]:
    """Give the row as it is to an engine that lacks all of these, and which of them make it another row."""
    missed = []
    for entry in lacking:
        if (changed := without(row, entry.feature)) is not None:
            row = changed
            missed.append(entry)
    return row, missed


def _expected(row: Row) -> dict[str, Scalar]:
    """What the checks come to when the row is as it is to such an engine."""
    try:
        return act(row).scene.expect
    except NotStagedError:
        return {}
