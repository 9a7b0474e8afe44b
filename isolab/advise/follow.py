"""What is seen while it is measured: a bar for each engine where someone watches, and engines that fail."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from isolab.reports.closing import print_all
from isolab.reports.progress import LiveProgress
from isolab.reports.tally import Tally
from isolab.reports.words import visible
from isolab.runner.events import CaseFinished, CaseStarted, EngineFailed, Event, RunFinished, RunStarted


class Follow:
    """Listener for a run whose failing cases are no mistakes; call `close` when the run is over, however it ended."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: LiveProgress | None = None
        self._nothing = Tally()

    def __call__(self, event: Event) -> None:
        """Show one event."""
        match event:
            case RunStarted() if self._console.is_interactive:
                self._live = LiveProgress(self._console, event.total).__enter__()
            case CaseStarted() if self._live:
                self._live.now(event.engine, event.case.id)
            case CaseFinished() if self._live:
                # Nothing is counted: what fails here is an answer, too.
                self._live.advance(event.result.engine, self._nothing)
            case EngineFailed():
                title = f"{event.engine.name} {event.engine.version}".rstrip()
                told = visible(f"{title} could not be used: {event.why}")
                print_all(self._console, [Text("error: ", "bold red").append(told, "not bold default")])
            case RunFinished():
                self.close()

    def close(self) -> None:
        """Take the live display away; may be called more than once."""
        live, self._live = self._live, None
        if live is not None:
            live.__exit__(None, None, None)
