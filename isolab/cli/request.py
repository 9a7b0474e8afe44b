"""What a `run` was asked for, carried out: select, find engines, run, report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import rich_click as click

from isolab.cli import last_failed
from isolab.cli.choose import choose_engines, note_missed
from isolab.cli.consoles import for_people, note
from isolab.cli.errors import NothingSelected
from isolab.cli.nothing import why_none_failed, why_nothing
from isolab.cli.outputs import Outputs
from isolab.cli.select import cases_at, cases_called
from isolab.cli.told_run import told_run
from isolab.engines.engine import Engine
from isolab.reports.document import document
from isolab.reports.exit_code import EXIT_OK
from isolab.reports.tally import Tally
from isolab.reports.terminal import Loudness
from isolab.reports.words import visible
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult
from isolab.scenario.case import Case, EngineName
from isolab.scenario.doubts import doubts
from isolab.scenario.select import select_cases


@dataclass(frozen=True, slots=True)
class Request:
    """The options of `isolab run`, checked one by one; see its help for what each means."""

    paths: tuple[str, ...] = ()
    engines: tuple[EngineName, ...] = ()
    grep: str | None = None
    tags: tuple[str, ...] = ()
    last_failed: bool = False
    outputs: Outputs = field(default_factory=Outputs)
    options: RunOptions = field(default_factory=RunOptions)
    loudness: Loudness = "normal"


def list_ids(request: Request) -> int:
    """Print the ids of the selected cases, one a line. Raises NothingSelected where there is none."""
    cases, why_none = selected(request, failed_before())
    if not cases:
        raise NothingSelected(why_none)
    return print_ids(cases)


def print_ids(cases: Iterable[Case]) -> int:
    """Print the ids, one a line, for scripts; returns the exit code."""
    for case in cases:
        click.echo(visible(case.id))
    return EXIT_OK


def carry_out(request: Request) -> int:
    """Run and report; returns the exit code. Raises click's exceptions for all that is wrong before the run."""
    request.outputs.check()
    before = failed_before()
    cases, why_none = selected(request, before)
    # An engine that is not to be had weighs more than nothing selected (the order of exit codes).
    engines = choose_engines(request.engines, headed=request.options.headed)
    if not cases:
        raise NothingSelected(why_none)
    note_missed(engines, request.engines)
    for doubt in doubts(cases):
        note(doubt)
    with request.outputs.guarded():
        tally = Tally()
        code = perform(request, cases, engines, tally)
        remember(before, tally.results)
        return code


def perform(request: Request, cases: Sequence[Case], engines: Sequence[Engine], tally: Tally) -> int:
    """Run the cases and write the reports; `tally` has the results then. Returns the exit code."""
    console = for_people(stderr=request.outputs.takes_stdout)
    told_run(cases, engines, request.options, tally=tally, console=console, loudness=request.loudness)
    return request.outputs.finish(document(tally), verbose=request.loudness == "verbose")


def remember(before: last_failed.Failed, results: Iterable[CaseResult]) -> last_failed.Failed:
    """Write what failed, for the next `--last-failed`; gives it too. A file that cannot be written is a note."""
    failed = last_failed.updated(before, results)
    try:
        last_failed.write(failed)
    except OSError as error:
        note(f"{last_failed.STATE} was not written: {error.strerror or error}")
    return failed


def selected(request: Request, failed: last_failed.Failed) -> tuple[list[Case], str]:
    """Select the cases; the message beside them says why, where there is none.

    Of what failed the ids tell where it is, if nothing is named.
    """
    anywhere = request.last_failed and bool(failed) and not request.paths
    loaded = cases_called({id_ for id_, _ in failed}) if anywhere else cases_at(request.paths)
    cases = select_cases(loaded, request.grep, request.tags)
    if not request.last_failed or not (cases or anywhere):
        return cases, why_nothing(request.paths, request.grep, request.tags)
    ids = {id_ for id_, engine in failed if not request.engines or engine in request.engines}
    why = why_none_failed(failed, request.paths, request.grep, request.tags, request.engines)
    return [case for case in cases if case.id in ids], why


def failed_before() -> last_failed.Failed:
    """Read what failed last time; a damaged record is a note and counts as empty."""
    try:
        return last_failed.read()
    except last_failed.CorruptStateError as error:
        note(str(error))
        return frozenset()
