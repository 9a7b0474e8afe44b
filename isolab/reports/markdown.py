"""Markdown, as GitHub and GitLab show it in summaries, issues and merge requests: the matrix and what is wrong.

Text from outside stands in code spans, code blocks or escaped, so that it is never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from isolab.reports.again import again
from isolab.reports.baseline import beside, check_change, outcomes
from isolab.reports.complaints import body, sentence
from isolab.reports.form import BaselineEntry, DifferenceEntry, ResultEntry, ResultsFile, failing
from isolab.reports.known import differences, gone
from isolab.reports.markdown_text import block, code, in_html, link, plain
from isolab.reports.retold import gaps, headline
from isolab.reports.room import Room
from isolab.reports.words import LABELS, plural, say
from isolab.runner.result import OUTCOMES

SUMMARY = 900_000
"""UTF-8 bytes: GitHub refuses the summary of a step that is longer than 1 MiB."""
COMMENT = 65_000
"""UTF-8 bytes: GitHub refuses a comment or an issue of more than 65,536 characters."""

MOST = 50
"""How many failures are shown with their excerpts; the others are named."""


def render(results: ResultsFile, limit: int = COMMENT) -> str:
    """Make the text, of at most so many bytes but for words about what is left out; it ends in a line feed.

    Room is given first to the names of what failed; half of what is left then is for excerpts at least.
    """
    page = [f"# isolab: {plain(headline(results).plain)}", "\n".join(_engines(results))]
    room = Room(limit - sum(len(block.encode("utf-8")) + 2 for block in page))
    failed = [result for result in results["results"] if failing(result)]
    names = room.items(f"{result['engine']}: {code(result['id'])}" for result in failed)
    troubles = room.blocks(_troubles(results))
    other = room.half()
    changes = list(_changes(results["baseline"], other))
    lists = [block for title, items in _lists(results) for block in _listed(title, other.items(items))]
    room.left += other.left
    failures = _failures(failed, names, room, rows=results["conformance"] is not None)
    return "\n\n".join([*page, *troubles, *changes, *failures, *lists]) + "\n"


def _lists(results: ResultsFile) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Unexpected passes: a known difference is gone", _gone(results["results"])
    yield "Known differences from the standard", _known(results["results"])
    yield "Flaky: as expected only when tried again", _flaky(results["results"])
    yield "Calibration", map(plain, gaps(results))
    yield "Notes", map(plain, results["notes"])


def _engines(results: ResultsFile) -> Iterator[str]:
    used = [outcome for outcome in OUTCOMES if results["summary"].get(outcome)]
    yield f"| engine | driver | {' | '.join(LABELS[outcome] for outcome in used)} |".replace("|  |", "|")
    yield f"|---|---|{'---:|' * len(used)}"
    for engine in results["engines"]:
        mine = [result["outcome"] for result in results["results"] if result["engine"] == engine["name"]]
        cells = [f"{engine['name']} {plain(engine['version'])}", plain(engine["driver"])]
        yield f"| {' | '.join([*cells, *(str(mine.count(outcome)) for outcome in used)])} |"


def _troubles(results: ResultsFile) -> Iterator[str]:
    for engine in results["engines"]:
        if engine["failed"] is not None:
            yield f"**{engine['name']} could not be used**\n\n{block(engine['failed'])}"
    yield from (f"**Error**\n\n{block(why)}" for why in results["unavailable"])
    yield from (f"**This is a defect of isolab**\n\n{block(defect)}" for defect in results["defects"])


def _failures(failed: Sequence[ResultEntry], names: Sequence[str], room: Room, *, rows: bool) -> Iterator[str]:
    """Show the first failures whole, as many as there is room for beside all names, and name the others."""
    if not failed:
        return
    yield f"## {plural(len(failed), 'failure')}"
    excerpts = list(takewhile(room.takes, (_failure(result, row=rows) for result in failed[:MOST])))
    yield from excerpts
    if named := names[len(excerpts) :]:
        yield "\n".join(named)


def _failure(result: ResultEntry, *, row: bool) -> str:
    title = f"<summary><b>{result['engine']}</b>: {in_html(result['id'])}</summary>"
    parts = (block(body(result) or sentence(result)), f"Again: {code(again(result, row=row))}")
    return "\n\n".join([f"<details>{title}", *parts, "</details>"])


def _changes(baseline: BaselineEntry | None, room: Room) -> Iterator[str]:
    if baseline is None:
        return
    yield f"## {plural(len(baseline['changes']), 'change')} since {code(baseline['file'])}"
    if items := room.items(_changed(baseline)):
        yield "\n".join(items)


def _changed(baseline: BaselineEntry) -> Iterator[str]:
    for engine in baseline["engines"]:
        yield f"{engine['engine']}: version {code(engine['before'])} is {code(engine['after'])} now"
    if found := list(beside(baseline)):
        yield f"cases: {', '.join(found)}"
    for change in baseline["changes"]:
        checks = (f"  - {code(check_change(check))}" for check in change["checks"])
        yield "\n".join([f"{change['engine']}: {code(change['id'])}: {outcomes(change)}", *checks])


def _gone(results: Iterable[ResultEntry]) -> Iterator[str]:
    for result, check in gone(results):
        known = "" if check["difference"] is None else f"; known: {_named(check['difference'])}"
        what = f"{code(check['what'])} is {code(say(check['observed']))}"
        yield f"{result['engine']}: {code(result['id'])}: {what}{known}"


def _known(results: Iterable[ResultEntry]) -> Iterator[str]:
    for engine, difference, count in differences(results):
        yield f"{engine}: {_named(difference)}: {plural(count, 'check')}"


def _named(difference: DifferenceEntry) -> str:
    bug = f" ({link(difference['bug'])})" if difference["bug"] else ""
    return f"{plain(difference['note'])}{bug}"


def _flaky(results: Iterable[ResultEntry]) -> Iterator[str]:
    for result in results:
        if result["outcome"] == "flaky":
            yield f"{result['engine']}: {code(result['id'])}: tried {plural(result['attempts'], 'time')}"


def _listed(title: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"## {title}"
        yield "\n".join(items)
