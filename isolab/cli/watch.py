"""`isolab run --watch`: what changed is run again, in browsers that stay."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from isolab.cli.changes import NotWatchedError, changes_below
from isolab.cli.choose import choose_engines, note_missed
from isolab.cli.consoles import for_people
from isolab.cli.errors import BadScenario, NothingSelected, Unavailable, show
from isolab.cli.interrupt import Interrupts
from isolab.cli.request import Request, failed_before, remember, selected
from isolab.cli.rounds import Rounds
from isolab.cli.targets import Contents, Target, targets_at
from isolab.engines.engine import Engine
from isolab.lab.server import PortError
from isolab.reports.closing import print_all
from isolab.reports.exit_code import EXIT_INTERRUPTED
from isolab.reports.words import plural, visible
from isolab.scenario.case import Case
from isolab.scenario.problem import ScenarioErrors
from isolab.scenario.select import select_cases


def watch(request: Request) -> int:
    """Run what is selected, then the cases of each file that changes, until Ctrl-C; returns the exit code of that.

    Raises click's exceptions for all that is wrong before the first case, but for mistakes in scenario files: they may
    be mended while we watch.
    """
    targets = targets_at(request.paths)
    watching = Watching(request, targets, for_people())
    cases = watching.first()
    engines = choose_engines(request.engines, headed=request.options.headed)
    note_missed(engines, request.engines)
    told = Text("interrupted: ending the browsers (once more: kill them)", "bold red")
    with Interrupts(lambda: print_all(watching.console, [told])) as interrupts:
        try:
            asyncio.run(interrupts.watch(watching.stay(engines, cases)))
        except (asyncio.CancelledError, KeyboardInterrupt):
            pass
        except PortError as error:
            raise Unavailable(str(error)) from error
        except Exception as error:
            # Whatever a browser that was killed makes of it is no defect.
            if not interrupts.forced:
                raise _not_watched(error) or error from error
    return EXIT_INTERRUPTED


def _not_watched(error: BaseException) -> Unavailable | None:
    """The message where it is only that the system does not let us watch."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        (error,) = error.exceptions
    return Unavailable(str(error)) if isinstance(error, NotWatchedError) else None


class Watching:
    """What `--watch` keeps from round to round."""

    def __init__(self, request: Request, targets: Sequence[Target], console: Console) -> None:
        self.console = console
        self._request = request
        self._targets = targets
        self._contents = Contents(targets)
        self._failed = failed_before()

    def first(self) -> list[Case]:
        """Select the cases to begin with; none where a file has a mistake, which is shown. Raises NothingSelected."""
        try:
            cases, why_none = selected(self._request, self._failed)
        except BadScenario as error:
            show(error)
            return []
        if not cases:
            raise NothingSelected(why_none)
        return cases

    async def stay(self, engines: Sequence[Engine], cases: Sequence[Case]) -> None:
        """Run the cases, then those of what changes, until it is cancelled. Raises PortError."""
        places = [target.place for target in self._targets]
        rounds = Rounds(engines, self._request.options, self.console, self._request.loudness)
        async with rounds, changes_below(places) as changes:
            await self._round(rounds, cases)
            while True:
                files = set(await changes.get())
                while not changes.empty():
                    files |= changes.get_nowait()
                if named := self._changed(files):
                    self._say(f"\nchanged: {', '.join(dict.fromkeys(str(name) for name, _ in named))}", "bold")
                    await self._round(rounds, self._cases(named))

    async def _round(self, rounds: Rounds, cases: Sequence[Case]) -> None:
        if cases:
            tally = await rounds.run(cases)
            self._failed = remember(self._failed, tally.results)
        places = ", ".join(str(target.place) for target in self._targets)
        self._say(f"watching {places} (Ctrl-C ends)")

    def _changed(self, files: Iterable[Path]) -> list[tuple[Path, Target]]:
        """Those of the files that are watched and hold something new, as they are named, with their targets."""
        found = []
        for file in sorted(files):
            meant = [(name, target) for target in self._targets if (name := target.named(file)) is not None]
            if meant and self._contents.changed(file):
                found += meant
        return found

    def _cases(self, named: Iterable[tuple[Path, Target]]) -> list[Case]:
        """Load the cases of files, and show the mistakes of those that have any."""
        cases: dict[str, Case] = {}
        problems: list[str] = []
        for name, target in named:
            try:
                cases |= {case.id: case for case in target.cases(name)}
            except ScenarioErrors as error:
                problems += map(str, error.problems)
        if problems:
            show(BadScenario("\n\n".join(dict.fromkeys(problems))))
        chosen = select_cases(cases.values(), self._request.grep, self._request.tags)
        if cases and not chosen:
            self._say(f"none of the {plural(len(cases), 'case')} there is selected")
        return chosen

    def _say(self, text: str, style: str = "dim") -> None:
        print_all(self.console, [Text(visible(text), style)])
