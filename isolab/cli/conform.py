"""`isolab conform`: what web-platform-tests state, held against the engines, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import rich_click as click
from rich.text import Text

from isolab.cli.choose import choose_engines, engine_given
from isolab.cli.consoles import for_people
from isolab.cli.errors import BadRows, NothingSelected
from isolab.cli.execute import execute
from isolab.cli.options import EngineParam, SecondsParam, verbose_option
from isolab.cli.outputs import Outputs
from isolab.cli.report_options import report_options
from isolab.conform.catalogue import PARTS, Part, known_differences, rows_of, stage_all
from isolab.conform.entry import entry
from isolab.conform.outcome import Conformance
from isolab.conform.report import ending
from isolab.conform.row import RowsError
from isolab.conform.scene import save
from isolab.engines.engine import Engine
from isolab.reports.closing import listed, print_all
from isolab.reports.document import document
from isolab.reports.exit_code import EXIT_OK
from isolab.reports.row_tables import refused_lines
from isolab.reports.tally import Tally
from isolab.reports.terminal import Terminal
from isolab.reports.words import plural, visible
from isolab.runner.options import RunOptions
from isolab.scenario.case import EngineName


@click.command()
@click.argument("files", metavar="[ROWS.json]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-e", "--engine", "engines", type=EngineParam(), multiple=True, help="Only this engine (repeatable; default: all)."
)
@click.option("-g", "--grep", metavar="TEXT", default="", help="Only rows with the text in their id, in any case.")
@click.option("--part", type=click.Choice(PARTS), help="Only the stated rows, or only the popup matrix.")
@click.option(
    "--write", metavar="DIR", type=click.Path(path_type=Path), help="Write each row as a scenario file; run nothing."
)
@click.option(
    "--executable",
    metavar="PATH",
    help="Run the rows in this build: a nightly, an Electron, an embedded WebKit (-e says which engine it is).",
)
@report_options
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Windows that work at once, per engine.")
@click.option("--repeat", type=click.IntRange(min=1), default=1, help="Run each row so many times.")
@click.option("--timeout", type=SecondsParam(), help="Deadline of each row in seconds.")
@verbose_option("A line for each row and check; tracebacks.")
def conform(
    *,
    files: tuple[Path, ...],
    engines: tuple[EngineName, ...],
    grep: str,
    part: Part | None,
    write: Path | None,
    executable: str | None,
    outputs: Outputs,
    jobs: int | None,
    repeat: int,
    timeout: float | None,
    verbose: bool,
) -> int:
    """Hold what web-platform-tests state against real browsers, and say where they differ.

    ROWS.json is a file of rows (docs/conformance.md); without any, isolab's own rows and the exhaustive matrix of
    popups are run. A difference that is not known yet fails the run.
    """
    try:
        rows = [row for row in rows_of(files, part) if grep.casefold() in row.id.casefold()]
        conformance = stage_all(rows, known_differences())
    except RowsError as error:
        raise BadRows(str(error)) from error
    if not rows:
        raise NothingSelected(f"no row has `{grep}` in its id" if grep else "the files hold no rows")
    if write is not None:
        return _write(conformance, write)
    outputs.check()
    options = RunOptions(jobs=jobs, timeout_s=timeout, repeat=repeat)
    chosen = [engine_given(executable, engines)] if executable else choose_engines(engines)
    with outputs.guarded():
        return _run(conformance, chosen, options, outputs, verbose=verbose)


def _write(conformance: Conformance, folder: Path) -> int:
    """Save the rows that can be played as scenario files."""
    try:
        for staged in conformance.staged:
            save(staged.act.scene, folder, staged.row.id)
    except OSError as error:
        raise click.UsageError(f"cannot write to {folder}: {error.strerror or error}") from error
    told = f"{plural(len(conformance.staged), 'scenario file')} written below {folder}"
    left = listed("cannot be played yet", "yellow", refused_lines(entry(conformance, ())))
    print_all(for_people(), [Text(visible(told)), *left])
    return EXIT_OK


def _run(
    conformance: Conformance, engines: Sequence[Engine], options: RunOptions, outputs: Outputs, *, verbose: bool
) -> int:
    """Run the rows that can be played, and report all."""
    if not conformance.staged:
        raise NothingSelected(f"none of these rows can be played: {conformance.refused[0].why}")
    tally = Tally()
    console = for_people(stderr=outputs.takes_stdout)
    terminal = Terminal(
        console,
        tally,
        "verbose" if verbose else "normal",
        lambda: ending(conformance, tally, verbose=verbose),
    )
    told = Text("interrupted: cleaning up (once more: kill the browsers)", "bold red")
    cases = [staged.case for staged in conformance.staged]
    try:
        execute(cases, engines, options, tally=tally, listeners=[terminal], told=lambda: print_all(console, [told]))
    finally:
        terminal.close()
    return outputs.finish(document(tally, entry(conformance, tally.results)), verbose=verbose)
