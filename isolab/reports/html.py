"""One self-contained HTML file: the matrix of cases and engines, and each failed check with its excerpt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from isolab.reports.form import EngineEntry, ResultEntry, ResultsFile
from isolab.reports.known import differences
from isolab.reports.words import LABELS, plural, say, seconds, visible, worst
from isolab.runner.result import Outcome


@dataclass(frozen=True, slots=True)
class Cell:
    """A case in one engine: no result (it was not run), one, or several (`--repeat`).

    `anchor` is the id of the section that explains its first failure, or None.
    """

    results: tuple[ResultEntry, ...]
    anchor: str | None = None

    @property
    def outcome(self) -> Outcome | None:
        """The worst outcome, or None where the case was not run."""
        return worst(result["outcome"] for result in self.results)

    @property
    def label(self) -> str:
        """`failed`, `flaky (the worst of 3)`, or `not run`."""
        if self.outcome is None:
            return "not run"
        worst = f" (the worst of {len(self.results)})" if len(self.results) > 1 else ""
        return LABELS[self.outcome] + worst


@dataclass(frozen=True, slots=True)
class Section:
    """A result that is not as expected; `anchor` is the fragment by which it is reached, and no other section's."""

    anchor: str
    result: ResultEntry


@dataclass(frozen=True, slots=True)
class Row:
    """A case and its cells in the order of the engines."""

    id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A scenario file's cases."""

    scenario: str
    title: str
    rows: tuple[Row, ...]

    @property
    def calm(self) -> bool:
        """Whether every case is as expected, so that the group can stay folded."""
        outcomes = {cell.outcome for row in self.rows for cell in row.cells}
        return outcomes <= {"passed", "skipped", "known-difference", None}


def render(results: ResultsFile) -> str:
    """Make the page. Everything from scenarios and browsers is escaped, and no script runs in it."""
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            results=results,
            groups=groups(results),
            failures=sections(results["results"]),
            differences=differences(results["results"]),
        )
    )


def groups(results: ResultsFile) -> list[Group]:
    """Make the matrix, scenario file by scenario file, in the order in which results came."""
    anchors = _first_anchors(results["results"])
    by_scenario: dict[str, dict[str, list[ResultEntry]]] = {}
    for result in results["results"]:
        by_scenario.setdefault(result["scenario"], {}).setdefault(result["id"], []).append(result)
    return [
        Group(
            scenario,
            _common_title(cases),
            tuple(_row(id_, found, results["engines"], anchors) for id_, found in cases.items()),
        )
        for scenario, cases in by_scenario.items()
    ]


def _common_title(cases: dict[str, list[ResultEntry]]) -> str:
    """Give the title where all cases of the file share it; titles that depend on the matrix differ."""
    titles = {result["title"] for found in cases.values() for result in found}
    return titles.pop() if len(titles) == 1 else ""


def _row(
    id_: str, found: Iterable[ResultEntry], engines: Iterable[EngineEntry], anchors: Mapping[tuple[str, str], str]
) -> Row:
    results = tuple(found)
    names = [engine["name"] for engine in engines]
    return Row(
        id_, tuple(Cell(tuple(r for r in results if r["engine"] == name), anchors.get((name, id_))) for name in names)
    )


def explained(result: ResultEntry) -> bool:
    """Whether the page has a section for this result."""
    return result["outcome"] in ("failed", "error", "unexpected-pass")


def sections(results: Iterable[ResultEntry]) -> list[Section]:
    """Give each result that is explained its fragment; with `--repeat` one case may have failed several times."""
    met: Counter[tuple[str, str]] = Counter()
    made = []
    for result in filter(explained, results):
        # What is shown alike would be the same fragment, even if the ids differ.
        name = visible(result["id"])
        met[result["engine"], name] += 1
        made.append(Section(_anchor(result["engine"], name, met[result["engine"], name]), result))
    return made


def _anchor(engine: str, name: str, number: int) -> str:
    # The number stands by the engine, where no case's id can look like it.
    return f"{engine}:{name}" if number == 1 else f"{engine}-{number}:{name}"


def _first_anchors(results: Iterable[ResultEntry]) -> dict[tuple[str, str], str]:
    """For an engine and a case's id the fragment of its first failure."""
    anchors: dict[tuple[str, str], str] = {}
    for section in sections(results):
        anchors.setdefault((section.result["engine"], section.result["id"]), section.anchor)
    return anchors


def web_link(text: str) -> str | None:
    """Give the text where it is an http or https URL, which alone may become a link, else None."""
    try:
        return text if urlsplit(text).scheme in ("http", "https") else None
    except ValueError:
        return None


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("isolab.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"say": say, "visible": visible, "seconds": seconds, "link": web_link, "plural": plural}
    environment.globals |= {"labels": LABELS}
    return environment
