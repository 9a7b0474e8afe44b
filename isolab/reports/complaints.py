"""What a run has to complain of, one by one and each at its place in a scenario file: for SARIF and annotations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from isolab.reports.form import CheckEntry, CutEntry, ResultEntry, ResultsFile, failing
from isolab.reports.words import plural, say, set_by, short_urls

Kind = Literal["expectation", "case", "unexpected-pass", "known-difference"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a scenario file; lines and columns count from 1, `end_column` is one past the last character."""

    line: int
    column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is not as expected (or, of a known difference, not as the standard has it) in one engine.

    `what` is the expectation, or None where the case as a whole could not be carried out; `sentence` says it in one
    line, `why` are sentences that explain it.
    """

    kind: Kind
    result: ResultEntry
    what: str | None
    sentence: str
    why: tuple[str, ...]
    place: Place | None


def complaints(results: ResultsFile) -> Iterator[Complaint]:
    """Everything that is not as it should be, in the order of the results."""
    for result in results["results"]:
        if failing(result):
            yield from _failure(result)
        else:
            yield from _oddities(result)


def sentence(result: ResultEntry) -> str:
    """Say in one line what is wrong with a result that fails; empty where nothing is."""
    told = [f"{check['what']}: {_value(check)}" for check in _failed(result)]
    return "; ".join([*told, *([] if result["error"] is None else [result["error"]])])


def unfinished(results: ResultsFile) -> str:
    """Say in one line how many cases the run has not come to; empty where it was finished."""
    if not results["interrupted"] and not results["not_run"]:
        return ""
    why = "the run was interrupted: " if results["interrupted"] else ""
    return f"{why}{plural(results['not_run'], 'case')} not run"


def body(result: ResultEntry) -> str:
    """Every message of the result as the terminal shows it, excerpts and all."""
    messages = [result["message"], *(check["message"] for check in result["checks"])]
    return "\n\n".join(message for message in messages if message)


def cut_line(cut: CutEntry) -> str:
    """Name the response that severed the link and the header that did it."""
    kind = "the redirect" if cut["redirect"] else "the response"
    header = cut["header"] or "without the header"
    return f"{kind} {cut['status']} of {short_urls(cut['url'])}, {header} (from {cut['from']} to {cut['to']})"


def _value(check: CheckEntry) -> str:
    observed = f"observed {say(check['observed'])}" if check["seen"] else "nothing seen"
    return f"expected {say(check['expected'])}, {check['error'] or observed}"


def _failure(result: ResultEntry) -> Iterator[Complaint]:
    for check in _failed(result):
        yield _of(check, result, "expectation", _value(check))
    if result["error"] is not None:
        place = None if result["line"] is None else Place(result["line"])
        why = tuple(line for cut in result["cuts"].values() for line in _cut(cut))
        yield Complaint("case", result, None, f"{result['id']}: {result['error']}", why, place)


def _failed(result: ResultEntry) -> list[CheckEntry]:
    """The expectations that do not hold; none where a step was not done, after which they say little."""
    if result["line"] is not None:
        return []
    return [check for check in result["checks"] if not check["ok"] and (check["error"] or "") != result["error"]]


def _oddities(result: ResultEntry) -> Iterator[Complaint]:
    for check in result["checks"]:
        if check["unexpected_pass"]:
            yield _of(check, result, "unexpected-pass", f"{say(check['observed'])}: a known difference is gone")
        elif check["ok"] and check["difference"] is not None:
            told = f"{say(check['observed'])}, as known; the standard: {say(check['predicted'])}"
            yield _of(check, result, "known-difference", told)


def _of(check: CheckEntry, result: ResultEntry, kind: Kind, told: str) -> Complaint:
    line = f"{result['id']}: {check['what']} in {result['engine']}: {told}"
    return Complaint(kind, result, check["what"], line, tuple(_why(check, result)), _place(check))


def _place(check: CheckEntry) -> Place:
    """An expectation without a width (older files do not tell it) is told by its line alone."""
    if check["end_column"] <= check["column"]:
        return Place(check["line"])
    return Place(check["line"], check["column"], check["end_column"])


def _why(check: CheckEntry, result: ResultEntry) -> Iterator[str]:
    if check["predicted"] is not None and check["reason"]:
        yield f"The standard predicts {say(check['predicted'])}: {short_urls(check['reason'])}."
    subject, _, fact = check["what"].rpartition(".")
    cut = result["cuts"].get(subject)
    if cut is not None and not check["ok"] and fact != "load":
        yield from _cut(cut)
    if (difference := check["difference"]) is not None:
        yield " ".join(part for part in (f"{difference['note']}.", difference["bug"]) if part)


def _cut(cut: CutEntry) -> Iterator[str]:
    yield f"Cut by {cut_line(cut)}."
    if names := set_by(cut["usually_set_by"], cut["header"], cut["from"]):
        yield f"Often set by {names}."
