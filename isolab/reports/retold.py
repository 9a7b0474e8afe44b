"""What a results file comes to, told as the run itself would have told it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from isolab.reports.baseline import changes_lines
from isolab.reports.closing import headline_of, listed
from isolab.reports.complaints import body, sentence
from isolab.reports.exit_code import exit_code
from isolab.reports.form import ResultsFile, failing
from isolab.reports.words import one_line, visible


def exit_code_of(results: ResultsFile) -> int:
    """Give the exit code of the run that wrote the file."""
    return exit_code(
        interrupted=results["interrupted"],
        unavailable=bool(results["unavailable"]) or any(engine["failed"] for engine in results["engines"]),
        defect=bool(results["defects"]),
        failed=any(failing(result) for result in results["results"]),
        nothing=not results["results"] and not results["not_run"],
    )


def retell(results: ResultsFile) -> Iterator[Text]:
    """Every failure with its excerpt, what stood in the way, what changed since the baseline, and the headline."""
    for result in filter(failing, results["results"]):
        yield Text(visible(body(result) or f"error: {result['id']} in {result['engine']}: {sentence(result)}"))
        yield Text()
    for engine in results["engines"]:
        if engine["failed"] is not None:
            yield _trouble(f"{engine['name']} {engine['version']} could not be used: {engine['failed']}")
    yield from map(_trouble, [*results["unavailable"], *results["defects"]])
    yield from listed("notes", "dim", results["notes"])
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
    engines = [one_line(f"{engine['name']} {engine['version']}") for engine in results["engines"]]
    counts = {result["outcome"]: 0 for result in results["results"]}
    for result in results["results"]:
        counts[result["outcome"]] += 1
    return headline_of(
        counts, engines, results["not_run"], interrupted=results["interrupted"], duration_s=results["duration_s"]
    )


def _trouble(why: str) -> Text:
    return Text("error: ", "bold red").append(visible(why), "not bold default")
