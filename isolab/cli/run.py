"""`isolab run`: cases in engines, reports out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from isolab.cli.options import PreferenceParam, SecondsParam, engine_option, grep_option, tag_option, verbose_option
from isolab.cli.outputs import Outputs
from isolab.cli.report_options import report_options
from isolab.cli.request import Request, carry_out, list_ids
from isolab.reports.terminal import Loudness
from isolab.runner.options import RunOptions
from isolab.scenario.case import EngineName
from isolab.scenario.there import holds


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@engine_option
@grep_option
@tag_option
@click.option("--last-failed", is_flag=True, help="Only cases that failed when last run in this folder.")
@click.option("--list", "list_only", is_flag=True, help="Print the ids of the selected cases and run nothing.")
@click.option("--watch", "watching", is_flag=True, help="Stay, and run again the cases of files that change.")
@report_options
@click.option("--artifacts", metavar="DIR", type=click.Path(path_type=Path), help="Keep records of failed cases there.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Windows that work at once, per engine.")
@click.option("--repeat", type=click.IntRange(min=1), default=1, help="Run each case so many times.")
@click.option("--retries", type=click.IntRange(min=0), default=0, help="Try a failed case so many times more.")
@click.option("--timeout", type=SecondsParam(), help="Deadline of each case in seconds, instead of its own.")
@click.option("--headed", is_flag=True, help="Show the browsers' windows.")
@click.option(
    "--firefox-pref",
    "firefox_prefs",
    type=PreferenceParam(),
    multiple=True,
    help="Start Firefox with this preference (repeatable), to see what depends on it.",
)
@click.option("-q", "--quiet", is_flag=True, help="Only failures, unexpected passes, notes and one line at the end.")
@verbose_option("A line for each case and check; tracebacks.")
def run(
    *,
    paths: tuple[str, ...],
    engines: tuple[EngineName, ...],
    grep: str | None,
    tags: tuple[str, ...],
    last_failed: bool,
    list_only: bool,
    watching: bool,
    outputs: Outputs,
    artifacts: Path | None,
    jobs: int | None,
    repeat: int,
    retries: int,
    timeout: float | None,
    headed: bool,
    firefox_prefs: tuple[tuple[str, bool | int | str], ...],
    quiet: bool,
    verbose: bool,
) -> int:
    """Run scenarios in real browsers and say where they are not as expected.

    PATH is a scenario file, a folder of them, FILE[parameters], or the id of a case or scenario of the catalogue;
    without any, the whole catalogue is run.
    """
    if list_only:
        kept = ["--artifacts"] if artifacts is not None else []
        _contradict("--list", [*(["--watch"] if watching else []), *outputs.options, *kept], "--list runs nothing")
    if watching:
        _contradict("--watch", outputs.options, "--watch is for people, and no run is the last")
    request = Request(
        paths=paths,
        engines=engines,
        grep=grep,
        tags=tags,
        last_failed=last_failed,
        outputs=outputs,
        options=RunOptions(jobs, timeout, repeat, retries, artifacts_folder(artifacts), headed, dict(firefox_prefs)),
        loudness=loudness_of(quiet=quiet, verbose=verbose),
    )
    if watching:
        # Not above: it would cost every other run the time that its libraries take to import.
        from isolab.cli.watch import watch

        return watch(request)
    return list_ids(request) if list_only else carry_out(request)


def _contradict(option: str, others: Sequence[str], why: str) -> None:
    if others:
        raise click.UsageError(f"{option} and {', '.join(others)} contradict each other: {why}")


def loudness_of(*, quiet: bool, verbose: bool) -> Loudness:
    """How much is told. Raises click.UsageError for both at once."""
    if quiet and verbose:
        raise click.UsageError("-q and -v contradict each other")
    if verbose:
        return "verbose"
    return "quiet" if quiet else "normal"


def artifacts_folder(path: Path | None) -> Path | None:
    """Make the folder for artifacts and try a file in it now: after the run it would be too late to say it cannot be.

    Raises click.UsageError where the folder cannot be made or takes no file.
    """
    if path is None:
        return None
    if holds(path.is_file):
        raise click.UsageError(f"cannot keep artifacts in {path}: it is a file, and a folder is wanted")
    try:
        path.mkdir(parents=True, exist_ok=True)
        # A disk may be full for a file's content and not for its name: so something is written.
        with tempfile.TemporaryFile(dir=path) as trial:
            trial.write(b"isolab")
    except OSError as error:
        raise click.UsageError(f"cannot keep artifacts in {path}: {error.strerror or error}") from error
    return path
