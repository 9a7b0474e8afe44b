"""The answer for people: a table of what was tried, what it comes to, and the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from isolab.advise.answer import Answer, WayOut
from isolab.advise.formats.page import PageHeaders
from isolab.advise.formats.registry import FORMATS
from isolab.advise.losses import unseen
from isolab.advise.reasons import reasons, ruled_out, told
from isolab.advise.stance import Combination
from isolab.advise.verdict import Verdict
from isolab.reports.words import plural, say, short_urls, visible
from isolab.runner.result import EngineInfo
from isolab.scenario.case import EngineName

_UNSEEN = (
    "what the pages of a server of your own load was not looked at: with COEP, what comes from other origins needs "
    "CORP or CORS, and frames and workers need COEP of their own"
)
_STYLES = {True: "green", False: "bold red", None: "yellow"}


def heading(answer: Answer) -> Iterator[Text]:
    """What is asked, of which case, and what success is."""
    goal = answer.goal
    yield Text(f"{visible(answer.given.id)}: ", "bold").append(goal.wish.title)
    checks = " and ".join(f"{check.what} is {say(check.expected)}" for check in goal.success.checks)
    told_by = "as it expects" if goal.success.told_by == answer.given.id else goal.success.told_by
    yield Text(visible(f"  it works where {checks} ({told_by})"), "dim")
    names = ", ".join(f"{name} ({answer.given.pages[name].url})" for name in (goal.own.app, *goal.own.others))
    yield Text(visible(f"  the app's own pages: {names}; all others are given"), "dim")


def report(answer: Answer, engines: Sequence[EngineInfo], formats: Sequence[str]) -> Iterator[RenderableType]:
    """Everything; `formats` are those of the configuration."""
    yield from heading(answer)
    yield Text()
    yield _table(answer, engines)
    yield from _paragraph("why not", "", reasons(answer))
    yield from _paragraph("what it blocks", "yellow", answer.found[0].losses if answer.found else ())
    yield from _paragraph("ruled out by the standard", "dim", ruled_out(answer.plan))
    yield from _paragraph("what would", "", _ways(answer))
    yield from _paragraph("what will not help", "yellow", _false_fixes(answer))
    yield from _paragraph("notes", "dim", _notes(answer))
    yield from _configuration(answer, formats)
    yield Text()
    yield headline(answer, engines)


def headline(answer: Answer, engines: Sequence[EngineInfo]) -> Text:
    """The answer in one line."""
    names = ", ".join(f"{info.name} {visible(info.version)}" for info in engines)
    if answer.found:
        best = answer.found[0]
        more = sum(attempt.tried.fulfilled for attempt in answer.attempts[answer.attempts.index(best) + 1 :])
        weaker = f"; {plural(more, 'weaker combination')} would do, too" if more else ""
        return Text("send ", "green").append(f"{best.combination}", "bold").append(f" (in {names}{weaker})", "default")
    if answer.undecided:
        return Text(f"not decided: {', '.join(answer.undecided)} could not be judged", "bold yellow")
    text = Text("no headers of these pages do it", "bold red").append(f" (in {names})", "not bold default")
    if answer.way_out:
        text.append(f"; what does: {answer.way_out.title}", "not bold default")
    return text


def _table(answer: Answer, engines: Sequence[EngineInfo]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    own = answer.goal.own
    table.add_column("", justify="right")
    for name in (own.app, *own.others):
        table.add_column(visible(name), overflow="fold")
    for info in engines:
        table.add_column(info.name)
    for number, attempt in enumerate(answer.attempts, 1):
        cells = (_cell(attempt.tried.verdicts.get(info.name)) for info in engines)
        style = "bold" if answer.found[:1] == (attempt,) else ""
        table.add_row(str(number), *_stances(attempt.combination), *cells, style=style)
    return table


def _stances(combination: Combination) -> Iterator[Text]:
    return (Text(str(stance)) for stance in combination.stances.values())


def _cell(verdict: Verdict | None) -> Text:
    if verdict is None:
        return Text("-", "dim")
    return Text(verdict.short or "works", _STYLES[verdict.fulfilled])


def _ways(answer: Answer) -> Iterator[str]:
    for way in answer.ways:
        yield f"{_state(way)}: {way.title}"
        yield f"  {way.todo}"
        if way.untested:
            yield f"  not tried here: {way.untested}"
        if way.works:
            yield f"  it sends {Combination(way.stances)}"
        elif way.tried:
            yield from (f"  {line}" for line in _verdict_lines(way.tried.verdicts))


def _state(way: WayOut) -> str:
    if way.tried is None:
        return "untested"
    return "works" if way.works else "fails"


def _verdict_lines(verdicts: Mapping[EngineName, Verdict]) -> Iterator[str]:
    for engine, verdict in verdicts.items():
        yield from (f"{engine}: {first}" for first, *_ in told(verdict))


def _notes(answer: Answer) -> Iterator[str]:
    notes = (note for attempt in answer.found[:1] for v in attempt.tried.verdicts.values() for note in v.notes)
    yield from dict.fromkeys(notes)
    yield from (f"{engine} was not asked: {why}" for engine, why in answer.skipped.items())
    if answer.plan.left:
        yield f"{plural(len(answer.plan.left), 'combination')} that may do were not tried{_stricter(answer)}"
    if answer.found and unseen(answer.found[0].tried.case, answer.goal.own.app):
        yield _UNSEEN


def _stricter(answer: Answer) -> str:
    """Whether something that was not tried is stricter than the best that was found."""
    best = answer.found[0].combination.strictness if answer.found else None
    stricter = sum(best is not None and left.combination.strictness < best for left in answer.plan.left)
    return f", of which {stricter} {'is' if stricter == 1 else 'are'} stricter" if stricter else ""


def _configuration(answer: Answer, formats: Sequence[str]) -> Iterator[Text]:
    if answer.pages and not answer.found and formats and answer.way_out:
        yield Text()
        yield Text(f"configuration for {answer.way_out.title}:", "bold")
    yield from configuration(answer.pages, formats)


def configuration(pages: Sequence[PageHeaders], formats: Iterable[str]) -> Iterator[Text]:
    """The configuration in each format, ready to be copied."""
    for name in formats if pages else ():
        yield Text()
        yield Text(FORMATS[name].title, "bold underline")
        yield Text(visible(FORMATS[name].render(pages).expandtabs(4)))


def _false_fixes(answer: Answer) -> Iterator[str]:
    for fix in answer.false_fixes:
        yield fix.text
        yield f"  instead: {fix.instead}"


def _paragraph(title: str, style: str, lines: Iterable[str]) -> Iterator[Text]:
    found = list(lines)
    if found:
        yield Text()
        yield Text(f"{title}:", style or "bold")
        yield from (Text(f"  {visible(short_urls(line))}") for line in found)
