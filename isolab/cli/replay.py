"""`isolab replay`: what somebody's results file tells of, run again here, without their files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import rich_click as click

from isolab.cli.choose import choose_engines, note_missed
from isolab.cli.errors import BadScenario, NothingSelected
from isolab.cli.nothing import filters, why_nothing
from isolab.cli.options import SecondsParam, engine_option, grep_option, tag_option, verbose_option
from isolab.cli.outputs import Baseline, Outputs
from isolab.cli.report_options import BaselineParam, report_options
from isolab.cli.request import Request, perform, print_ids
from isolab.cli.run import artifacts_folder, loudness_of
from isolab.reports.recorded import NotRecordedError, left_out, narrowed, recorded_cases, unexpected_ids
from isolab.reports.tally import Tally
from isolab.runner.options import RunOptions
from isolab.scenario.case import Case, EngineName
from isolab.scenario.problem import ScenarioErrors
from isolab.scenario.select import select_cases


@click.command()
@click.argument("recorded", metavar="RESULTS.json", type=BaselineParam())
@engine_option
@grep_option
@tag_option
@click.option("--all", "whole", is_flag=True, help="Also the cases in which all was as expected.")
@click.option("--list", "list_only", is_flag=True, help="Print the ids of the selected cases and run nothing.")
@report_options
@click.option("--artifacts", metavar="DIR", type=click.Path(path_type=Path), help="Keep records of failed cases there.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Windows that work at once, per engine.")
@click.option("--repeat", type=click.IntRange(min=1), default=1, help="Run each case so many times.")
@click.option("--timeout", type=SecondsParam(), help="Deadline of each case in seconds, instead of its own.")
@click.option("--headed", is_flag=True, help="Show the browsers' windows.")
@click.option("-q", "--quiet", is_flag=True, help="Only failures, unexpected passes, notes and one line at the end.")
@verbose_option("A line for each case and check; tracebacks.")
def replay(
    *,
    recorded: Baseline,
    engines: tuple[EngineName, ...],
    grep: str | None,
    tags: tuple[str, ...],
    whole: bool,
    list_only: bool,
    outputs: Outputs,
    artifacts: Path | None,
    jobs: int | None,
    repeat: int,
    timeout: float | None,
    headed: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Run again what a results file tells of, and say what is different here.

    The file carries its scenarios: theirs need not be on this machine, and a file that is, is not looked at. Without
    `--all` only cases are run that were not as expected. `-`: standard input.
    """
    made = _made(recorded)
    asked = _ids(recorded, engines, whole=whole)
    _require_whole(recorded, made, {id_ for id_ in asked if all(word in id_.casefold() for word in _words(grep))})
    cases = select_cases([case for case in made if case.id in asked], grep, tags)
    if not cases:
        raise NothingSelected(_why_none(recorded.file, grep, tags, engines, whole=whole))
    if list_only:
        return print_ids(cases)
    outputs.check()
    chosen = choose_engines(engines, headed=headed)
    note_missed(chosen, engines)
    before = narrowed(recorded.results, {case.id for case in cases}, {engine.name for engine in chosen})
    if outputs.baseline is None:
        outputs = replace(outputs, baseline=Baseline(recorded.file, before))
    options = RunOptions(jobs, timeout, repeat, artifacts=artifacts_folder(artifacts), headed=headed)
    request = Request(outputs=outputs, options=options, loudness=loudness_of(quiet=quiet, verbose=verbose))
    with outputs.guarded():
        return perform(request, cases, chosen, Tally())


def _made(recorded: Baseline) -> list[Case]:
    try:
        return recorded_cases(recorded.results)
    except NotRecordedError as error:
        raise click.UsageError(f"{recorded.file}: {error}") from error
    except ScenarioErrors as error:
        raise BadScenario("\n\n".join(map(str, error.problems))) from error


def _ids(recorded: Baseline, engines: tuple[EngineName, ...], *, whole: bool) -> frozenset[str]:
    if whole:
        return frozenset(entry["id"] for entry in recorded.results["results"])
    return unexpected_ids(recorded.results, engines)


def _words(grep: str | None) -> list[str]:
    return (grep or "").casefold().split()


def _require_whole(recorded: Baseline, made: Sequence[Case], asked: Collection[str]) -> None:
    """Raise UsageError where a case that is asked for cannot be made again: a run without it would say too much."""
    lines = [f"{id_}: {instead}" for id_, instead in left_out(recorded.results, asked, made).items()]
    if lines:
        told = "\n  ".join(lines)
        raise click.UsageError(f"{recorded.file} does not carry all of it (-g selects among the rest):\n  {told}")


def _why_none(
    file: str, grep: str | None, tags: tuple[str, ...], engines: tuple[EngineName, ...], *, whole: bool
) -> str:
    """Say why nothing is left to run, and what would select more."""
    if whole:
        return why_nothing([file], grep, tags)
    where = f" in {', '.join(engines)}" if engines else ""
    asked = filters(grep, tags)
    matching = f" and matches {asked}" if asked else ""
    return f"nothing selected: no case of {file} was not as expected{where}{matching} (--all: also those that were)"
