"""The terminal report: failures as they come, a live display where someone watches, and the closing words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from rich.console import Console, RenderableType
from rich.text import Text

from isolab.reports.closing import closing, least, print_all
from isolab.reports.failure import messages, observed
from isolab.reports.progress import LiveProgress
from isolab.reports.repeats import Repeats
from isolab.reports.tally import Tally
from isolab.reports.words import LABELS, STYLES, one_line, plural, say, seconds, visible
from isolab.runner.events import (
    CaseFinished,
    CaseStarted,
    EngineFailed,
    EngineStarted,
    Event,
    RunFinished,
    RunStarted,
)
from isolab.runner.result import CaseResult, CheckResult

Loudness = Literal["quiet", "normal", "verbose"]
Ending = Callable[[], Iterable[RenderableType]]


class Terminal:
    """Listener that writes for people; call `close` when the run is over, however it ended.

    `tally` must hear each event before this listener does. `ending` makes the closing words of a run that is not quiet.
    """

    def __init__(
        self, console: Console, tally: Tally, loudness: Loudness = "normal", ending: Ending | None = None
    ) -> None:
        self._console = console
        self._tally = tally
        self._loudness = loudness
        self._ending = ending or self._closing
        self._live: LiveProgress | None = None
        self._repeats = Repeats(tally)
        self.ended = False
        """Whether the closing words were said, defects so far included."""

    def __call__(self, event: Event) -> None:
        """Show one event."""
        match event:
            case RunStarted():
                self._begin(event)
            case EngineStarted():
                self._engine(event)
            case EngineFailed():
                self._failed(event)
            case CaseStarted():
                if self._live is not None:
                    self._live.now(event.engine, event.case.id)
            case CaseFinished():
                self._result(event.result)
            case RunFinished():
                self.close()
                self._end()

    def close(self) -> None:
        """Take the live display away; may be called at any time and more than once."""
        live, self._live = self._live, None
        if live is not None:
            live.__exit__(None, None, None)

    def _begin(self, event: RunStarted) -> None:
        # A log may have colours (FORCE_COLOR) and is no place for a display that moves the cursor.
        if self._console.is_interactive and self._loudness != "quiet":
            self._live = LiveProgress(self._console, event.total).__enter__()

    def _engine(self, event: EngineStarted) -> None:
        info = event.engine
        if self._live is not None:
            self._live.now(info.name, "ready")
        elif self._loudness != "quiet":
            cases = plural(self._tally.total.get(info.name, 0), "case")
            self._print(Text(one_line(f"{info.name} {info.version} ({info.driver}, {info.executable}): {cases}")))

    def _failed(self, event: EngineFailed) -> None:
        if self._live is not None:
            self._live.now(event.engine.name, "failed")
        title = f"{event.engine.name} {event.engine.version}".rstrip()
        self._print(Text("error: ", "bold red").append(visible(f"{title} could not be used: {event.why}"), "not bold"))

    def _result(self, result: CaseResult) -> None:
        if self._live is not None:
            self._live.advance(result.engine, self._tally)
        if result.outcome in ("failed", "error"):
            for message in messages(result, self._tally.engines.get(result.engine)) or [_unexplained(result)]:
                self._print(_coloured(self._repeats.told(result, message)))
                self._print(Text())
        if self._loudness == "verbose":
            self._print(_case_line(result))
            for check in result.checks:
                self._print(_check_line(check))

    def _end(self) -> None:
        if self._loudness == "quiet":
            print_all(self._console, least(self._tally))
        else:
            self._print(Text())
            print_all(self._console, self._ending())
        self.ended = True

    def _closing(self) -> Iterable[RenderableType]:
        return closing(self._tally, self._console.width, verbose=self._loudness == "verbose")

    def _print(self, text: Text) -> None:
        print_all(self._console, [text])


def _unexplained(result: CaseResult) -> str:
    return visible(f"error: {result.case.id}: {LABELS[result.outcome]} in {result.engine}")


def _case_line(result: CaseResult) -> Text:
    line = Text(LABELS[result.outcome], STYLES[result.outcome])
    line.append(one_line(f" {result.engine} {result.case.id}"), "not bold default")
    if result.skipped:
        line.append(f": {one_line(result.skipped)}", "not bold default")
    return line.append(f" ({seconds(result.duration_s)})", "not bold dim")


def _check_line(check: CheckResult) -> Text:
    said = check.error or observed(check)
    if check.ok and check.difference is not None and not check.unexpected_pass:
        said += f" (known difference; the standard: {say(check.predicted)})"
    elif not check.ok and check.error is None:
        said += f", expected {say(check.check.expected)}"
    return Text(one_line(f"  {'ok' if check.ok else 'no'}  {check.check.what}: {said}"), "dim")


def _coloured(message: str) -> Text:
    """Show the message with its title bold, its place blue and its carets red; the words stay the same."""
    text = Text(message)
    text.highlight_regex(r"\Aerror:", "bold red")
    text.highlight_regex(r"(?m)^ +--> .*$", "blue")
    text.highlight_regex(r"(?m)^ +\| +(\^+.*)$", "red")
    text.highlight_regex(r"(?m)^ +(= [^:]+:)", "bold")
    return text
