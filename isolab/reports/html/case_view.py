"""What the page shows of one case once it is opened: every engine side by side. All text in it is fit to be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from isolab.reports.again import again_everywhere
from isolab.reports.baseline import check_change, outcomes
from isolab.reports.form import (
    ChangeEntry,
    CheckEntry,
    CutEntry,
    DifferenceEntry,
    ResultEntry,
    ResultsFile,
)
from isolab.reports.html.moments import moments
from isolab.reports.html.overview import Row
from isolab.reports.html.packing import Plain
from isolab.reports.html.screenshots import Album
from isolab.reports.html.web_links import web_link
from isolab.reports.words import LABELS, plural, say, seconds, set_by, short_urls, visible

Object = dict[str, Plain]

_NOTE = re.compile(r" += (?P<name>[^:]+): (?P<text>.*)")
"""A line below an excerpt, as `isolab.reports.failure` writes it."""


class Views:
    """Makes the views of a results file's cases; the pictures of all share the album's room."""

    def __init__(self, results: ResultsFile) -> None:
        baseline = results["baseline"]
        self._scenarios = results["scenarios"]
        self._rows = results["conformance"] is not None
        self._album = Album()
        self._changes = {(c["id"], c["engine"]): c for c in baseline["changes"]} if baseline else {}
        self._engines = {engine["name"]: engine for engine in results["engines"]}

    def case(self, row: Row) -> Object:
        """Give everything about a case."""
        first = row.first
        return {
            "id": row.id,
            "shown": visible(row.id),
            "title": visible(first["title"]),
            "scenario": visible(first["scenario"]),
            "source": self._scenarios.get(first["scenario"]),
            "params": [[visible(name), say(value)] for name, value in first["params"].items()],
            "tags": [visible(tag) for tag in first["tags"]],
            "links": [link(text) for text in first["links"]],
            "command": command(first, row=self._rows),
            "facts": list(facts(row)),
            "runs": [self._run(result) for cell in row.cells for result in cell.results],
        }

    def _run(self, result: ResultEntry) -> Object:
        engine = self._engines.get(result["engine"])
        return {
            "engine": result["engine"],
            "version": visible(engine["version"]) if engine else "",
            "outcome": result["outcome"],
            "label": LABELS[result["outcome"]],
            "took": seconds(result["duration_s"]),
            "tried": plural(result["attempts"], "time") if result["attempts"] > 1 else None,
            "skipped": _seen(result["skipped"]),
            "messages": [parted(visible(text)) for text in messages(result)],
            "cuts": [cut(window, entry) for window, entry in result["cuts"].items()],
            "differences": list(differences(result["checks"])),
            "change": changed(self._changes.get((result["id"], result["engine"]))),
            "artifacts": [self._album.artifact(name) for name in result["artifacts"]],
            # Apart, so that engines that did the same at other times share it.
            "times": " ".join(f"{moment['at_s'] * 1000:.0f}" for moment in result["timeline"]),
            "moments": moments(result["timeline"]),
        }


def command(result: ResultEntry, *, row: bool = False) -> str:
    """Write what runs the case again, as a POSIX shell takes it; `row`: it is one of `conform`."""
    return visible(again_everywhere(result, row=row)).replace("\n", "\N{SYMBOL FOR LINE FEED}")


def messages(result: ResultEntry) -> Iterator[str]:
    """Everything that is wrong, each with its excerpt where there is one."""
    if result["error"] is not None:
        yield result["message"] or result["error"]
    for check in result["checks"]:
        if check["message"] is not None:
            yield check["message"]


def parted(message: str) -> Object:
    """Part a message as the terminal shows it: its title, the excerpt from the file, and the notes below by name."""
    title, _, rest = message.partition("\n")
    excerpt: list[str] = []
    notes: list[list[str]] = []
    for line in rest.splitlines():
        if found := _NOTE.match(line):
            notes.append([found["name"], found["text"]])
        elif notes:
            notes[-1][1] += f"\n{line.strip()}"
        else:
            excerpt.append(line)
    return {"title": title, "excerpt": "\n".join(excerpt), "notes": [[name, text] for name, text in notes]}


# --- expectation, observation, standard ------------------------------------------------------------------------------


def facts(row: Row) -> Iterator[Object]:
    """Each expectation of the case with what each engine showed, in the order of the scenario file."""
    found: dict[tuple[int, int, str, str], list[tuple[ResultEntry, CheckEntry]]] = {}
    for result in (result for cell in row.cells for result in cell.results):
        for check in result["checks"]:
            key = check["line"], check["column"], check["what"], say(check["expected"])
            found.setdefault(key, []).append((result, check))
    for (line, _, what, expected), entries in sorted(found.items()):
        yield {
            "what": visible(what),
            "expected": expected,
            "line": line,
            "standard": _standard(check for _, check in entries),
            "observed": [_observed(result, check) for result, check in entries],
        }


def _standard(checks: Iterable[CheckEntry]) -> list[Plain]:
    """What the standard says, and why: once, since responses are the same for every engine but by accident."""
    told: dict[tuple[str | None, str], None] = {}
    for check in checks:
        value = None if check["predicted"] is None else say(check["predicted"])
        if value is not None or check["reason"]:
            told[value, visible(short_urls(check["reason"]))] = None
    return [{"value": value, "reason": reason} for value, reason in told]


def _observed(result: ResultEntry, check: CheckEntry) -> Object:
    return {
        "engine": result["engine"],
        "value": say(check["observed"]) if check["seen"] else "not seen",
        "verdict": verdict(check),
        "good": check["ok"] and not check["unexpected_pass"],
        "as_standard": None if check["predicted"] is None or not check["seen"] else _same(check),
        "error": _seen(check["error"]),
    }


def _same(check: CheckEntry) -> bool:
    return say(check["predicted"]) == say(check["observed"])


def verdict(check: CheckEntry) -> str:
    """Say in words what came of a check."""
    if check["error"] is not None:
        return "could not be judged"
    if check["unexpected_pass"]:
        return "known difference is gone"
    if not check["ok"]:
        return "not as expected"
    return "known difference" if check["difference"] is not None else "as expected"


# --- beside it -----------------------------------------------------------------------------------------------------


def link(text: str) -> Object:
    """Give a text, and where it may lead."""
    return {"text": visible(text), "href": web_link(text)}


def cut(window: str, entry: CutEntry) -> Object:
    """Give the response that severed a popup."""
    return {
        "window": visible(window),
        "url": visible(short_urls(entry["url"])),
        "status": entry["status"],
        "header": visible(entry["header"]),
        "from": visible(entry["from"]),
        "to": visible(entry["to"]),
        "redirect": entry["redirect"],
        "setters": visible(set_by(entry["usually_set_by"], entry["header"], entry["from"])),
    }


def differences(checks: Iterable[CheckEntry]) -> Iterator[Object]:
    """Give the known differences that were looked at, each once with the expectations that it is about."""
    met: dict[tuple[str, str, bool], tuple[DifferenceEntry, list[str]]] = {}
    for check in checks:
        if (difference := check["difference"]) is not None:
            key = difference["note"], difference["bug"], check["unexpected_pass"]
            met.setdefault(key, (difference, []))[1].append(visible(check["what"]))
    for (_, _, gone), (difference, whats) in met.items():
        yield {
            "what": ", ".join(whats),
            "note": visible(difference["note"]),
            "versions": visible(difference["versions"]),
            "bug": link(difference["bug"]),
            "gone": gone,
        }


def changed(change: ChangeEntry | None) -> Object | None:
    """Say what changed since the baseline."""
    if change is None:
        return None
    return {"outcomes": outcomes(change), "checks": [visible(check_change(check)) for check in change["checks"]]}


def _seen(text: str | None) -> str | None:
    return None if text is None else visible(text)
