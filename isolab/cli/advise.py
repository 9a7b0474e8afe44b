"""`isolab advise`: which headers the app's pages can send, measured, and ready configuration for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.text import Text

from isolab.advise.answer import Answer
from isolab.advise.document import document
from isolab.advise.follow import Follow
from isolab.advise.formats.registry import FORMATS
from isolab.advise.inquiry import Inquiry, conclude, detours, inquire, way_outs
from isolab.advise.report import report
from isolab.advise.success import NoSuccess
from isolab.advise.wish import WISHES
from isolab.cli.choose import choose_engines, note_missed
from isolab.cli.consoles import for_people
from isolab.cli.errors import NothingSelected
from isolab.cli.execute import execute
from isolab.cli.options import SecondsParam, engine_option, verbose_option
from isolab.cli.select import cases_at
from isolab.cli.written import require_writable
from isolab.engines.engine import Engine
from isolab.reports import files, json_file
from isolab.reports.closing import print_all, troubles
from isolab.reports.exit_code import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from isolab.reports.tally import Tally
from isolab.reports.words import visible
from isolab.runner.options import RunOptions
from isolab.scenario.case import Case, EngineName
from isolab.scenario.load import load_scenarios

LIMIT_S = 15.0
"""Each flight's deadline unless `--timeout` says otherwise, in seconds; a sign-in that fails silently takes it all."""
_ALL, _NONE = "all", "none"


@click.command()
@click.argument("path", metavar="PATH")
@click.option(
    "-w", "--wish", type=click.Choice(list(WISHES)), default="isolated-popup", show_default=True, help="What is wanted."
)
@click.option(
    "--success",
    "stated",
    metavar="WINDOW.FACT=VALUE",
    multiple=True,
    help="What says that the popup works (repeatable; default: what the scenario expects of `says.signed-in`).",
)
@click.option(
    "-f",
    "--format",
    "formats",
    type=click.Choice([*FORMATS, _ALL, _NONE]),
    multiple=True,
    help="Configuration for this server only (repeatable; default: all).",
)
@engine_option
@click.option("--json", "json_target", metavar="FILE", help="Write the answer for tools (`-`: standard output).")
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Windows that work at once, per engine.")
@click.option(
    "--timeout", type=SecondsParam(), default=LIMIT_S, show_default=True, help="Deadline of each flight in seconds."
)
@verbose_option("Tracebacks.")
def advise(
    *,
    path: str,
    wish: str,
    stated: tuple[str, ...],
    formats: tuple[str, ...],
    engines: tuple[EngineName, ...],
    json_target: str | None,
    jobs: int | None,
    timeout: float,
    verbose: bool,
) -> int:
    """Find the headers of the app's own pages with which sign-in works in every engine, the strictest first.

    PATH is a scenario file with a sign-in popup, or the id of one of its cases. The app's pages are those on the site
    of the page that opens the popup; the provider's stay as they are. Exit code 1: no headers do it.
    """
    if json_target is not None:
        require_writable(json_target)
    selected = cases_at([path])
    try:
        inquiry = inquire(selected, _siblings(selected), WISHES[wish], stated, timeout)
    except NoSuccess as error:
        raise click.UsageError(str(error)) from error
    chosen = choose_engines(engines)
    note_missed(chosen, engines)
    console = for_people(stderr=json_target == files.STDOUT)
    asking = _Asking(inquiry, chosen, RunOptions(jobs=jobs, retries=1), console)
    answer = asking.answer()
    infos = list(asking.tally.engines.values())
    if asking.results_are_whole:
        print_all(console, report(answer, infos, _formats(formats)))
    print_all(for_people(stderr=True), troubles(asking.tally, verbose=verbose))
    return asking.exit_code(answer, _write(json_target, answer, asking))


def _siblings(selected: Sequence[Case]) -> list[Case]:
    """All cases of the one file. Raises UsageError where several were named, NothingSelected for none."""
    sources = {case.source.path for case in selected}
    if not sources:
        raise NothingSelected("there is no scenario there")
    if len(sources) > 1:
        raise click.UsageError(f"advise takes one scenario, and these are {len(sources)}")
    return load_scenarios([Path(sources.pop())])


def _formats(asked: tuple[str, ...]) -> list[str]:
    if not asked or _ALL in asked:
        return list(FORMATS)
    return [name for name in asked if name != _NONE]


@dataclass
class _Asking:
    """The runs: the combinations, and where none will do the other ways."""

    inquiry: Inquiry
    engines: Sequence[Engine]
    options: RunOptions
    console: Console

    def __post_init__(self) -> None:
        self.tally = Tally()

    @property
    def results_are_whole(self) -> bool:
        """Whether there is anything to report."""
        return bool(self.tally.results) and not self.tally.interrupted

    def answer(self) -> Answer:
        """Run and answer. Raises NothingSelected where every engine skips the scenario."""
        self._run(self.inquiry.cases, "combinations of headers")
        asked = [engine.name for engine in self.engines]
        answer = conclude(self.inquiry, asked, self.tally.results)
        if answer.skipped and len(answer.skipped) == len(asked):
            raise NothingSelected("; ".join(sorted(set(answer.skipped.values()))))
        if answer.found or answer.undecided or not self.results_are_whole or self.tally.defects:
            return answer
        planned = detours(self.inquiry)
        if cases := [case for detour in planned for _, case in detour.variants]:
            self._run(cases, "other ways")
        return replace(answer, ways=way_outs(self.inquiry, planned, self.tally.results))

    def _run(self, cases: Sequence[Case], what: str) -> None:
        names = ", ".join(engine.name for engine in self.engines)
        print_all(self.console, [Text(f"measuring {len(cases)} {what} in {names}", "dim")])
        follow = Follow(self.console)
        told = Text("interrupted: cleaning up (once more: kill the browsers)", "bold red")
        try:
            execute(
                cases,
                self.engines,
                self.options,
                tally=self.tally,
                listeners=[follow],
                told=lambda: print_all(self.console, [told]),
            )
        finally:
            follow.close()

    def exit_code(self, answer: Answer, written: bool) -> int:
        """What stood in the way, else whether headers were found."""
        code = self.tally.exit_code()
        if code != EXIT_INTERRUPTED and not written:
            return EXIT_USAGE
        # Cases that fail are answers here.
        if code not in (EXIT_OK, EXIT_FAILED):
            return code
        return EXIT_OK if answer.found else EXIT_FAILED


def _write(target: str | None, answer: Answer, asking: _Asking) -> bool:
    """Write the answer, if that is asked for; says where it could not be."""
    if target is None or not asking.results_are_whole:
        return True
    try:
        files.write(target, json_file.dump(document(answer, list(asking.tally.engines.values()))))
    except OSError as error:
        message = f"error: could not write {target}: {error.strerror or error}"
        print_all(for_people(stderr=True), [Text(visible(message))])
        return False
    return True
