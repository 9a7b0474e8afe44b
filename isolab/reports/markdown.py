"""Markdown, as GitHub and GitLab show it in summaries, issues and merge requests: the matrix and what is wrong.

Text from outside stands in code spans, code blocks or escaped, so that it is never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isolab.reports.again import again
from isolab.reports.baseline import beside, check_change, outcomes
from isolab.reports.complaints import body, sentence
from isolab.reports.form import BaselineEntry, ResultEntry, ResultsFile, failing
from isolab.reports.known import differences
from isolab.reports.markdown_text import block, code, in_html, link, plain
from isolab.reports.retold import gaps, headline
from isolab.reports.words import LABELS, plural
from isolab.runner.result import OUTCOMES

SUMMARY = 900_000
"""UTF-8 bytes: GitHub refuses the summary of a step that is longer than 1 MiB."""
COMMENT = 65_000
"""UTF-8 bytes: GitHub refuses a comment or an issue of more than 65,536 characters."""

MOST = 50
"""How many failures are shown with their excerpts; the others are named."""


def render(results: ResultsFile, limit: int = COMMENT) -> str:
    """Make the text, of at most so many bytes but for a line at its end; it ends in a line feed."""
    before = [
        f"# isolab: {plain(headline(results).plain)}",
        "\n".join(_engines(results)),
        *_troubles(results),
        *_changes(results["baseline"]),
    ]
    after = [
        *_listed("Unexpected passes: a known difference is gone", _unexpected(results["results"])),
        *_listed("Known differences from the standard", _known(results["results"])),
        *_listed("Flaky: as expected only when tried again", _flaky(results["results"])),
        *_listed("Calibration", map(plain, gaps(results))),
        *_listed("Notes", map(plain, results["notes"])),
    ]
    failures = _failures(results, limit - _size([*before, *after]))
    return _limited([*before, *failures, *after], limit)


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


def _failures(results: ResultsFile, room: int) -> Iterator[str]:
    """Show as many failures whole as there is room for, and name the others: no excerpt is worth a name left out."""
    failed = [result for result in results["results"] if failing(result)]
    if not failed:
        return
    title = f"## {plural(len(failed), 'failure')}"
    named = [f"- {result['engine']}: {code(result['id'])}" for result in failed]
    room -= _size([title, *named])
    yield title
    for shown, result in enumerate(failed):
        whole = _failure(result, row=results["conformance"] is not None) if shown < MOST else None
        room -= 0 if whole is None else _size([whole])
        if whole is None or room < 0:
            yield "\n".join(named[shown:])
            return
        yield whole


def _failure(result: ResultEntry, *, row: bool) -> str:
    title = f"<summary><b>{result['engine']}</b>: {in_html(result['id'])}</summary>"
    parts = (block(body(result) or sentence(result)), f"Again: {code(again(result, row=row))}")
    return "\n\n".join([f"<details>{title}", *parts, "</details>"])


def _changes(baseline: BaselineEntry | None) -> Iterator[str]:
    if baseline is None:
        return
    yield f"## {plural(len(baseline['changes']), 'change')} since {code(baseline['file'])}"
    lines = [f"- {e['engine']}: version {code(e['before'])} is {code(e['after'])} now" for e in baseline["engines"]]
    for change in baseline["changes"]:
        lines.append(f"- {change['engine']}: {code(change['id'])}: {outcomes(change)}")
        lines += [f"  - {code(check_change(check))}" for check in change["checks"]]
    lines += [f"- cases: {', '.join(found)}" for found in [list(beside(baseline))] if found]
    if lines:
        yield "\n".join(lines)


def _unexpected(results: Iterable[ResultEntry]) -> Iterator[str]:
    for result in results:
        for check in result["checks"]:
            if check["unexpected_pass"]:
                yield f"{result['engine']}: {code(result['id'])}: {code(check['what'])}"


def _known(results: Iterable[ResultEntry]) -> Iterator[str]:
    for engine, difference, count in differences(results):
        bug = f" ({link(difference['bug'])})" if difference["bug"] else ""
        yield f"{engine}: {plain(difference['note'])}{bug}: {plural(count, 'check')}"


def _flaky(results: Iterable[ResultEntry]) -> Iterator[str]:
    for result in results:
        if result["outcome"] == "flaky":
            yield f"{result['engine']}: {code(result['id'])}: tried {plural(result['attempts'], 'time')}"


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = [f"- {line}" for line in lines]
    if found:
        yield f"## {title}"
        yield "\n".join(found)


def _size(blocks: Iterable[str]) -> int:
    return sum(len(one.encode("utf-8")) + 2 for one in blocks)


def _limited(blocks: Iterable[str], limit: int) -> str:
    """Join as many blocks as there may be, and say where some were left out."""
    kept: list[str] = []
    size = left = 0
    for one in blocks:
        size += _size([one])
        if size > limit:
            left += 1
        else:
            kept.append(one)
    if left:
        kept.append(f"({plural(left, 'part')} left out: too long to be shown here)")
    return "\n\n".join(kept) + "\n"
