"""The end of the terminal report: one row an engine, what is known to differ, and what stood in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from isolab.reports.document import result_entries
from isolab.reports.form import ResultEntry
from isolab.reports.known import differences_lines, gone_lines
from isolab.reports.tally import Tally
from isolab.reports.words import LABELS, STYLES, one_line, plural, seconds, visible
from isolab.runner.result import OUTCOMES, CaseResult, EngineInfo, Outcome
from isolab.scenario.case import EngineName

_COLUMNS: tuple[Outcome, ...] = (
    "passed",
    "failed",
    "error",
    "known-difference",
    "unexpected-pass",
    "flaky",
    "skipped",
)
_PAPER_WIDTH = 1_000


def closing(tally: Tally, width: int, *, verbose: bool = False) -> Iterator[RenderableType]:
    """Everything that is said at the end; `width` in cells decides between a table and a line an engine."""
    results = result_entries(tally)
    yield from _engines(tally, width)
    yield from oddities(results)
    yield from listed("skipped", "dim", _skipped(tally.results) if verbose else ())
    yield from listed("calibration", "yellow", _gaps(tally))
    yield from listed("notes", "dim", tally.notes)
    yield Text()
    yield from troubles(tally, verbose=verbose)
    yield headline(tally)


def least(tally: Tally, *, verbose: bool = False) -> Iterator[Text]:
    """What is said at the end however quiet the report is, a line each.

    Known differences that are gone, what an engine does not enforce, notes, what stood in the way, and the headline.
    """
    for kind, lines in (
        ("unexpected pass", gone_lines(result_entries(tally))),
        ("calibration", _gaps(tally)),
        ("note", tally.notes),
    ):
        yield from (Text(f"{kind}: ", "bold").append(one_line(line), "not bold default") for line in lines)
    yield from troubles(tally, verbose=verbose)
    yield headline(tally)


def headline(tally: Tally) -> Text:
    """Say the run in one line: `2 failed, 10 passed in chromium 131, firefox 140 (3.2 s)`."""
    engines = [info for info in tally.engines.values() if not tally.interrupted or tally.counts(info.name)]
    return headline_of(
        tally.counts(),
        [f"{info.name} {info.version}" for info in engines],
        tally.not_run(),
        interrupted=tally.interrupted,
        duration_s=tally.duration_s,
    )


def headline_of(
    counts: Mapping[Outcome, int], engines: Sequence[str], not_run: int, *, interrupted: bool, duration_s: float
) -> Text:
    """The same of a run that is known by its numbers."""
    line = Text(", ").join(
        Text(f"{counts[outcome]} {LABELS[outcome]}", STYLES[outcome]) for outcome in OUTCOMES if counts.get(outcome)
    )
    if not line:
        line.append("nothing was run")
    if engines:
        line.append(one_line(f" in {', '.join(engines)}"))
    if not_run:
        line.append(f", {plural(not_run, 'case')} not run", "bold red")
    if interrupted:
        line.append(" (interrupted)", "bold red")
    return line.append(f" ({seconds(duration_s)})", "dim")


def _engines(tally: Tally, width: int) -> Iterator[RenderableType]:
    if not tally.engines:
        return
    table = _table(tally)
    # How wide it would like to be does not depend on where it is shown.
    paper = Console(width=_PAPER_WIDTH, file=StringIO())
    if Measurement.get(paper, paper.options, table).maximum <= width:
        yield table
    else:
        yield from (_engine_line(tally, info) for info in tally.engines.values())


def _table(tally: Tally) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("engine", "driver"):
        table.add_column(name, overflow="fold")
    for outcome in _COLUMNS:
        table.add_column(LABELS[outcome].replace(" ", "\n"), justify="right", vertical="bottom")
    table.add_column("time", justify="right")
    for info in tally.engines.values():
        counts = tally.counts(info.name)
        numbers = (Text(str(counts[o]), STYLES[o] if counts[o] else "dim") for o in _COLUMNS)
        title = Text(f"{info.name} {one_line(info.version)}")
        table.add_row(title, info.driver, *numbers, seconds(_busy(tally, info.name)))
    return table


def _engine_line(tally: Tally, info: EngineInfo) -> Text:
    counts = tally.counts(info.name)
    line = Text(f"{info.name} {one_line(info.version)} ({info.driver}): ")
    told = [Text(f"{counts[o]} {LABELS[o]}", STYLES[o]) for o in _COLUMNS if counts[o]] or [Text("nothing was run")]
    return line.append_text(Text(", ").join(told)).append(f" ({seconds(_busy(tally, info.name))})", "dim")


def _busy(tally: Tally, engine: EngineName) -> float:
    """Seconds that the engine's cases took together; more than the clock shows where several slots ran."""
    return sum(result.duration_s for result in tally.results if result.engine == engine)


def listed(title: str, style: str, lines: Iterable[str]) -> Iterator[Text]:
    """Yield a title and its lines, or nothing at all where there are no lines."""
    found = list(lines)
    if found:
        yield Text()
        yield Text(f"{title}:", style)
        yield from (Text(f"  {visible(line)}") for line in found)


def oddities(results: Sequence[ResultEntry]) -> Iterator[Text]:
    """What is neither as the standard has it nor a failure, each kind under its title."""
    yield from listed("known differences from the standard", "yellow", differences_lines(results))
    yield from listed("unexpected passes: a known difference is gone", "magenta", gone_lines(results))
    yield from listed("flaky: as expected only when tried again", "yellow", _flaky(results))


def _flaky(results: Iterable[ResultEntry]) -> Iterator[str]:
    for result in results:
        if result["outcome"] == "flaky":
            yield one_line(f"{result['engine']}: {result['id']}: tried {plural(result['attempts'], 'time')}")


def _skipped(results: Iterable[CaseResult]) -> Iterator[str]:
    counts = Counter((r.engine, r.skipped or "no reason given") for r in results if r.outcome == "skipped")
    return (f"{engine}: {plural(count, 'case')}: {one_line(why)}" for (engine, why), count in counts.most_common())


def _gaps(tally: Tally) -> Iterator[str]:
    return gap_lines((name, enforcement.detail) for name, enforcement in tally.enforcement.items())


def gap_lines(found: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    """Say what each engine was seen not to do before its first case, a line each."""
    return (one_line(f"{name}: {sentence}") for name, detail in found for sentence in detail)


def troubles(tally: Tally, *, verbose: bool) -> Iterator[Text]:
    """Say what stood in the way of the run as a whole."""
    if tally.engine_failures:
        names = ", ".join(tally.engine_failures)
        yield Text("error: ", "bold red").append(
            f"could not be used: {names} (the reason is above)", "not bold default"
        )
    for why in tally.unavailable:
        yield Text("error: ", "bold red").append(visible(why), "not bold default")
    for defect in tally.defects:
        yield defect_text(defect, verbose=verbose)


def defect_text(defect: str, *, verbose: bool) -> Text:
    """Say that isolab itself went wrong; `defect` is a traceback, shown whole if verbose."""
    text = Text("error: ", "bold red").append("this is a defect of isolab: ", "bold")
    text.append(visible(gist(defect)), "not bold default")
    hint = f"\n{visible(defect.rstrip())}" if verbose else "\n  -v shows the traceback, --json FILE keeps it"
    return text.append(hint, "not bold dim")


def gist(defect: str) -> str:
    """What a traceback says in the end.

    That of an exception group is a drawn tree: what counts is its last line with words in it.
    """
    lines = [line for line in (line.strip(" |+-") for line in defect.splitlines()) if line]
    return lines[-1] if lines else "no traceback"


def print_all(console: Console, parts: Iterable[RenderableType]) -> None:
    """Print the parts; text is not wrapped by us, so that lines can be searched and copied whole."""
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, Text), highlight=False)
