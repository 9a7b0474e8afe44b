"""The end of a conformance run: for each engine a row a kind, and all that was not run, with the reason."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from isolab.conform.entry import entry
from isolab.conform.outcome import Conformance, outcome
from isolab.reports.closing import headline, listed, troubles
from isolab.reports.document import result_entries
from isolab.reports.known import differences_lines, gone_lines
from isolab.reports.row_tables import refused_lines, row_table
from isolab.reports.tally import Tally
from isolab.reports.words import one_line


def ending(conformance: Conformance, tally: Tally, *, verbose: bool = False) -> Iterator[RenderableType]:
    """Say everything at the end."""
    rows = entry(conformance, tally.results)
    for info in tally.engines.values():
        yield row_table(rows, info.name, f"{info.name} {info.version}")
        yield Text()
    results = result_entries(tally)
    yield from listed("known differences, and what is not supported", "yellow", differences_lines(results))
    yield from listed("unexpected passes: a known difference is gone", "magenta", gone_lines(results))
    yield from listed("could not be run", "yellow", [*refused_lines(rows), *_stopped(tally)])
    yield from listed("notes", "dim", tally.notes)
    yield Text()
    yield from troubles(tally, verbose=verbose)
    yield headline(tally)


def _stopped(tally: Tally) -> Iterator[str]:
    for result in tally.results:
        if outcome(result) == "could not be run":
            yield f"{result.case.id} in {result.engine}: {one_line(_why(result.skipped, result.error))}"


def _why(skipped: str | None, error: str | None) -> str:
    return skipped or error or "the check could not be judged (see above)"
