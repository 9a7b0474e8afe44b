"""The results file's form, version 1 (docs/results.md explains every key).

Every report but the terminal's is made from this form, so each can be made again from a results file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

# Pydantic, which checks files that are read again, knows the standard library's TypedDict from Python 3.12 on only.
from typing_extensions import TypedDict

from isolab.runner.moment import Moment
from isolab.runner.result import Outcome
from isolab.scenario.case import EngineName, Scalar

VERSION: Literal[1] = 1

# What results.schema.json says of these: reports in other formats (SARIF's lines, JUnit's times) rest on it.
Place = Annotated[int, Field(ge=1)]
"""A line or a column, from 1."""
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Started = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
"""A time in UTC as RFC 3339 has it, to the second."""


class EnforcementEntry(TypedDict):
    """What the engine was seen to enforce before the first case; null: not measured."""

    keeps_opener: bool | None
    severs: bool | None
    isolates: bool | None
    shares_memory: bool | None
    detail: list[str]


class EngineEntry(TypedDict):
    """An engine of the run; `failed` says why it could not be started, or null."""

    name: EngineName
    version: str
    driver: str
    executable: str
    enforcement: EnforcementEntry | None
    failed: str | None


class DifferenceEntry(TypedDict):
    """A known difference that applied; `versions` is a PEP 440 specifier set."""

    versions: str
    observed: Scalar
    bug: str
    note: str


class CheckEntry(TypedDict):
    """One expectation; `observed` is any JSON, since a page may say an object or a list.

    `line`, `column` and `end_column` (one past the last character) say where its value stands. `message` is the excerpt
    with the caret where the check is not as expected, else null.
    """

    what: str
    expected: Scalar
    observed: object
    predicted: Scalar
    ok: bool
    difference: DifferenceEntry | None
    seen: bool
    unexpected_pass: bool
    error: str | None
    reason: str
    line: Place
    column: Place
    end_column: Place
    message: str | None


CutEntry = TypedDict(
    "CutEntry",
    {
        "url": str,
        "status": int,
        "header": str,
        "from": str,
        "to": str,
        "redirect": bool,
        "usually_set_by": list[str],
    },
)
"""The response that severed an opener link."""


class ResultEntry(TypedDict):
    """One case in one engine; `duration_s` in seconds.

    `line` is that of the step that could not be done, or null; `message` tells of `error` as the terminal shows it.
    `cuts` has an entry for each severed popup by its name, `cut` is the first of them. `timeline` is what happened, in
    the order of time.
    """

    id: str
    scenario: str
    title: str
    params: dict[str, Scalar]
    tags: list[str]
    links: list[str]
    engine: EngineName
    outcome: Outcome
    duration_s: Seconds
    attempts: Count
    checks: list[CheckEntry]
    cut: CutEntry | None
    cuts: dict[str, CutEntry]
    error: str | None
    line: Place | None
    message: str | None
    skipped: str | None
    artifacts: list[str]
    timeline: list[Moment]


class RowEntry(TypedDict):
    """A row of a conformance run: what it came to in each engine, and what it states that no check shows, and why."""

    id: str
    kind: str
    source: str
    outcomes: dict[EngineName, list[str]]
    unseen: dict[str, str]


class RefusedEntry(TypedDict):
    """A row that was not played, and why."""

    id: str
    kind: str
    source: str
    why: str


class ConformanceEntry(TypedDict):
    """What a conformance run had beside its cases."""

    rows: list[RowEntry]
    refused: list[RefusedEntry]


class CheckChange(TypedDict):
    """An expectation whose observed value is another than it was; `seen` as in a check."""

    what: str
    before: object
    after: object
    seen_before: bool
    seen_after: bool


class ChangeEntry(TypedDict):
    """A case that came to something else than in the baseline; with `--repeat` the worst of its outcomes counts."""

    id: str
    engine: EngineName
    before: Outcome
    after: Outcome
    checks: list[CheckChange]


class VersionChange(TypedDict):
    """An engine whose version is another than in the baseline."""

    engine: EngineName
    before: str
    after: str


class BaselineEntry(TypedDict):
    """What changed since an earlier results file: `new` cases were not in it, `gone` ones are not in this run."""

    file: str
    started: str
    engines: list[VersionChange]
    changes: list[ChangeEntry]
    new: Count
    gone: Count


class ResultsFile(TypedDict):
    """The whole file; `duration_s` in seconds, `started` in UTC (RFC 3339).

    `conformance` is null but for `conform`, `baseline` where the run was compared with none. `scenarios` has the text
    of each scenario file by its path.
    """

    version: Literal[1]
    isolab: str
    started: Started
    duration_s: Seconds
    interrupted: bool
    defects: list[str]
    unavailable: list[str]
    notes: list[str]
    engines: list[EngineEntry]
    results: list[ResultEntry]
    scenarios: dict[str, str]
    not_run: Count
    summary: dict[str, int]
    conformance: ConformanceEntry | None
    baseline: BaselineEntry | None


def failing(result: ResultEntry) -> bool:
    """Whether the outcome makes the run fail (exit code 1)."""
    return result["outcome"] in ("failed", "error")
