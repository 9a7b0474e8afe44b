"""What a results file comes to, told as the run itself would have told it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from isolab.reports.baseline import changes_lines
from isolab.reports.closing import defect_text, gap_lines, headline_of, listed, oddities
from isolab.reports.complaints import body, sentence
from isolab.reports.exit_code import exit_code
from isolab.reports.form import EngineEntry, ResultEntry, ResultsFile, failing
from isolab.reports.row_tables import refused_lines, row_table
from isolab.reports.words import LABELS, STYLES, one_line, visible
from isolab.runner.result import OUTCOMES


def exit_code_of(results: ResultsFile) -> int:
    """Give the exit code of the run that wrote the file."""
    return exit_code(
        interrupted=results["interrupted"],
        unavailable=bool(results["unavailable"]) or any(engine["failed"] for engine in results["engines"]),
        defect=bool(results["defects"]),
        failed=any(failing(result) for result in results["results"]),
        nothing=not results["results"] and not results["not_run"],
    )


def retell(results: ResultsFile, *, verbose: bool = False) -> Iterator[RenderableType]:
    """Every failure with its excerpt, each engine and its gaps, what differs as known, what changed, the headline."""
    for result in filter(failing, results["results"]):
        yield Text(visible(body(result) or f"error: {result['id']} in {result['engine']}: {sentence(result)}"))
        yield Text()
    yield from (_engine(engine, results["results"]) for engine in results["engines"])
    yield from oddities(results["results"])
    yield from listed("calibration", "yellow", gaps(results))
    yield from _rows(results)
    yield from listed("notes", "dim", map(one_line, results["notes"]))
    yield Text()
    yield from retell_briefly({**results, "notes": []}, verbose=verbose)


def retell_briefly(results: ResultsFile, *, verbose: bool = False) -> Iterator[Text]:
    """What stood in the way, notes, what changed, and the headline."""
    for engine in results["engines"]:
        if engine["failed"] is not None:
            yield _trouble(f"{engine['name']} {engine['version']} could not be used: {engine['failed']}")
    yield from map(_trouble, results["unavailable"])
    yield from (defect_text(defect, verbose=verbose) for defect in results["defects"])
    yield from (Text("note: ", "bold").append(one_line(note), "not bold default") for note in results["notes"])
    yield from changed(results)
    yield headline(results)


def changed(results: ResultsFile) -> Iterator[Text]:
    """What changed since the baseline, or nothing where the run was compared with none."""
    if results["baseline"] is not None:
        first, *lines = changes_lines(results["baseline"])
        yield Text(first, "bold")
        yield from (Text(f"  {line}") for line in lines)
        yield Text()


def headline(results: ResultsFile) -> Text:
    """Say the run in one line."""
    return headline_of(
        Counter(result["outcome"] for result in results["results"]),
        [f"{engine['name']} {engine['version']}" for engine in results["engines"]],
        results["not_run"],
        interrupted=results["interrupted"],
        duration_s=results["duration_s"],
    )


def _engine(engine: EngineEntry, results: Iterable[ResultEntry]) -> Text:
    counts = Counter(result["outcome"] for result in results if result["engine"] == engine["name"])
    told = [Text(f"{counts[o]} {LABELS[o]}", STYLES[o]) for o in OUTCOMES if counts[o]] or [Text("nothing was run")]
    title = one_line(f"{engine['name']} {engine['version']} ({engine['driver']}): ")
    return Text(title).append_text(Text(", ").join(told))


def _rows(results: ResultsFile) -> Iterator[RenderableType]:
    conformance = results["conformance"]
    if conformance is None:
        return
    for engine in results["engines"]:
        yield Text()
        yield row_table(conformance, engine["name"], f"{engine['name']} {engine['version']}")
    yield from listed("not played", "yellow", refused_lines(conformance))


def gaps(results: ResultsFile) -> Iterator[str]:
    """What each engine was seen not to do before its first case, a line each."""
    measured = ((engine["name"], engine["enforcement"]) for engine in results["engines"])
    return gap_lines((name, enforcement["detail"]) for name, enforcement in measured if enforcement is not None)


def _trouble(why: str) -> Text:
    return Text("error: ", "bold red").append(visible(why), "not bold default")
