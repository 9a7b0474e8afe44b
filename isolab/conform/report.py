"""The end of a conformance run: for each engine a row a kind, and all that was not run, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from isolab.conform.outcome import OUTCOMES, Conformance, Outcome, outcome
from isolab.reports.closing import differences_lines, headline, listed, troubles
from isolab.reports.tally import Tally
from isolab.reports.words import one_line, plural
from isolab.runner.result import EngineInfo

_STYLES: dict[Outcome, str] = {
    "agrees": "green",
    "known difference": "yellow",
    "new difference": "bold red",
    "unexpected pass": "magenta",
    "not supported": "yellow",
    "could not be run": "dim",
}


def ending(conformance: Conformance, tally: Tally, *, verbose: bool = False) -> Iterator[RenderableType]:
    """Say everything at the end."""
    for info in tally.engines.values():
        yield _table(conformance, tally, info)
        yield Text()
    yield from listed("known differences, and what is not supported", "yellow", differences_lines(tally.results))
    yield from listed("unexpected passes: a known difference is gone", "magenta", _unexpected(tally))
    yield from listed("could not be run", "yellow", _refused(conformance, tally))
    yield from listed("notes", "dim", tally.notes)
    yield Text()
    yield from troubles(tally, verbose=verbose)
    yield headline(tally)


def _table(conformance: Conformance, tally: Tally, info: EngineInfo) -> Table:
    counts = conformance.counts(tally.results, info.name)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(f"{info.name} {one_line(info.version)}", vertical="bottom")
    for name in OUTCOMES:
        table.add_column(name.replace(" ", "\n", 1), justify="right", vertical="bottom")
    for kind in sorted(counts):
        table.add_row(one_line(kind), *_cells(counts[kind]))
    table.add_row("all", *_cells(sum(counts.values(), Counter())), style="bold")
    return table


def _cells(counts: Counter[Outcome]) -> list[Text]:
    return [Text(str(counts[name]), _STYLES[name] if counts[name] else "dim") for name in OUTCOMES]


def refused_lines(conformance: Conformance) -> Iterator[str]:
    """Say why rows are not played: how many of a kind for the same reason."""
    reasons = Counter((one.row.kind, one.why) for one in conformance.refused)
    for (kind, why), count in reasons.most_common():
        yield f"{kind}: {plural(count, 'row')}: {one_line(why)}"


def _refused(conformance: Conformance, tally: Tally) -> Iterator[str]:
    yield from refused_lines(conformance)
    for result in tally.results:
        if outcome(result) == "could not be run":
            yield f"{result.case.id} in {result.engine}: {one_line(_why(result.skipped, result.error))}"


def _why(skipped: str | None, error: str | None) -> str:
    return skipped or error or "the check could not be judged (see above)"


def _unexpected(tally: Tally) -> Iterator[str]:
    return (f"{r.engine}: {r.case.id}" for r in tally.results if r.outcome == "unexpected-pass")
