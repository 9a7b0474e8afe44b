"""`isolab conform`: what web-platform-tests state, held against the engines, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import rich_click as click
from rich.text import Text

from isolab.cli.choose import choose_engines, engine_given, note_missed
from isolab.cli.consoles import for_people
from isolab.cli.errors import BadRows, NothingSelected
from isolab.cli.options import SecondsParam, engine_option, verbose_option
from isolab.cli.outputs import Outputs
from isolab.cli.report_options import report_options
from isolab.cli.run import loudness_of
from isolab.cli.told_run import told_run
from isolab.conform.catalogue import PARTS, Part, known_differences, rows_of, stage_all
from isolab.conform.entry import entry
from isolab.conform.outcome import Conformance
from isolab.conform.report import ending
from isolab.conform.row import Row, RowsError
from isolab.conform.scene import save
from isolab.engines.engine import Engine
from isolab.reports.closing import listed, print_all
from isolab.reports.document import document
from isolab.reports.exit_code import EXIT_OK
from isolab.reports.row_tables import refused_lines
from isolab.reports.tally import Tally
from isolab.reports.terminal import Loudness
from isolab.reports.words import plural, visible
from isolab.runner.options import RunOptions
from isolab.scenario.case import EngineName


@click.command()
@click.argument("files", metavar="[ROWS.json]...", nargs=-1, type=click.Path(path_type=Path))
@engine_option
@click.option(
    "-g",
    "--grep",
    "texts",
    metavar="TEXT",
    multiple=True,
    help="Only rows with it in their id, in any case (repeatable).",
)
@click.option(
    "-t", "--tag", "kinds", metavar="KIND", multiple=True, help="Only rows of the kind, as `popup` (repeatable: any)."
)
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
@click.option("--headed", is_flag=True, help="Show the browsers' windows.")
@click.option("-q", "--quiet", is_flag=True, help="Only new differences, unexpected passes and one line at the end.")
@verbose_option("A line for each row and check; tracebacks.")
def conform(
    *,
    files: tuple[Path, ...],
    engines: tuple[EngineName, ...],
    texts: tuple[str, ...],
    kinds: tuple[str, ...],
    part: Part | None,
    write: Path | None,
    executable: str | None,
    outputs: Outputs,
    jobs: int | None,
    repeat: int,
    timeout: float | None,
    headed: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Hold what web-platform-tests state against real browsers, and say where they differ.

    ROWS.json is a file of rows (docs/conformance.md); without any, isolab's own rows and the exhaustive matrix of
    popups are run. A difference that is not known yet fails the run.
    """
    try:
        rows = [row for row in rows_of(files, part) if _chosen(row, texts, kinds)]
        conformance = stage_all(rows, known_differences())
    except RowsError as error:
        raise BadRows(str(error)) from error
    if not rows:
        raise NothingSelected(_why_none(texts, kinds))
    if write is not None:
        return _write(conformance, write)
    outputs.check()
    loudness = loudness_of(quiet=quiet, verbose=verbose)
    options = RunOptions(jobs=jobs, timeout_s=timeout, repeat=repeat, headed=headed)
    chosen = [engine_given(executable, engines)] if executable else choose_engines(engines, headed=headed)
    if not conformance.staged:
        raise NothingSelected(f"none of these rows can be played: {conformance.refused[0].why}")
    if not executable:
        note_missed(chosen, engines)
    with outputs.guarded():
        return _run(conformance, chosen, options, outputs, loudness)


def _chosen(row: Row, texts: Sequence[str], kinds: Sequence[str]) -> bool:
    named = not texts or any(text.casefold() in row.id.casefold() for text in texts)
    return named and (not kinds or row.kind in kinds)


def _why_none(texts: Sequence[str], kinds: Sequence[str]) -> str:
    asked = [
        *([f"has {' or '.join(f'`{text}`' for text in texts)} in its id"] if texts else []),
        *([f"is of the kind {' or '.join(f'`{kind}`' for kind in kinds)}"] if kinds else []),
    ]
    return f"no row {' and '.join(asked)}" if asked else "the files hold no rows"


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
    conformance: Conformance, engines: Sequence[Engine], options: RunOptions, outputs: Outputs, loudness: Loudness
) -> int:
    """Run the rows that can be played, and report all."""
    tally = Tally()
    verbose = loudness == "verbose"
    console = for_people(stderr=outputs.takes_stdout)
    cases = [staged.case for staged in conformance.staged]
    told_run(
        cases,
        engines,
        options,
        tally=tally,
        console=console,
        loudness=loudness,
        ending=lambda: ending(conformance, tally, verbose=verbose),
    )
    return outputs.finish(document(tally, entry(conformance, tally.results)), verbose=verbose)
