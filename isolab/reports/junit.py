"""JUnit XML, as CI systems read it: one suite per engine, one test case per case, and one suite for the run itself.

The form is the dialect that all read, kept to what its strictest reader allows (Jenkins' xUnit plugin, junit-10.xsd: a
test case has neither properties nor a file). A known difference and an unexpected pass are passes there; what was
written beside a test case tells them apart. What stood in the way of the whole run is an error: CI systems look at
these numbers alone, and would take a run that was broken off for a good one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from isolab.reports.closing import gist
from isolab.reports.complaints import body, sentence, unfinished
from isolab.reports.form import EngineEntry, ResultEntry, ResultsFile
from isolab.reports.places import file_of
from isolab.reports.words import visible


def render(results: ResultsFile) -> str:
    """Make the XML text. Characters that XML 1.0 forbids are replaced by visible ones."""
    root = Element("testsuites", name="isolab", time=f"{results['duration_s']:.3f}")
    for engine in results["engines"]:
        _suite(root, engine, results)
    _run(root, results)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root, space=" ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, engine: EngineEntry, results: ResultsFile) -> None:
    mine = [result for result in results["results"] if result["engine"] == engine["name"]]
    counts = Counter(result["outcome"] for result in mine)
    suite = SubElement(root, "testsuite", name=engine["name"], timestamp=results["started"])
    suite.set("time", f"{sum(result['duration_s'] for result in mine):.3f}")
    suite.set("failures", str(counts["failed"]))
    suite.set("skipped", str(counts["skipped"]))
    _properties(suite, {"version": engine["version"], "driver": engine["driver"], "executable": engine["executable"]})
    seen: Counter[str] = Counter()
    for result in mine:
        seen[result["id"]] += 1
        _case(suite, result, seen[result["id"]])
    if engine["failed"] is not None:
        _error(suite, f"{engine['name']} starts", engine["failed"], engine["failed"])
    suite.set("errors", str(counts["error"] + (engine["failed"] is not None)))
    suite.set("tests", str(len(mine) + (engine["failed"] is not None)))


def _run(root: Element, results: ResultsFile) -> None:
    """A suite for what no engine and no case is to blame for; none where nothing of the kind happened."""
    troubles = list(_troubles(results))
    if not troubles:
        return
    suite = SubElement(root, "testsuite", name="isolab", timestamp=results["started"], time="0")
    for name, message, text in troubles:
        _error(suite, name, message, text)
    for name, count in (("tests", len(troubles)), ("failures", 0), ("errors", len(troubles)), ("skipped", 0)):
        suite.set(name, str(count))


def _troubles(results: ResultsFile) -> Iterator[tuple[str, str, str]]:
    """Name, message and text of each; the names are numbered, since CI systems fold test cases of one name."""
    for number, why in enumerate(results["unavailable"], 1):
        yield f"what the run needs is there ({number})", why, why
    for number, defect in enumerate(results["defects"], 1):
        yield f"isolab works ({number})", f"this is a defect of isolab: {gist(defect)}", defect
    if told := unfinished(results):
        yield "every case is run", told, told


def _error(suite: Element, name: str, message: str, text: str) -> None:
    case = SubElement(suite, "testcase", name=name, classname="isolab", time="0")
    _told(case, "error", message, text)


def _case(suite: Element, result: ResultEntry, number: int) -> None:
    """A case that was run several times is numbered: CI systems fold test cases of one name."""
    again = f" ({number})" if number > 1 else ""
    case = SubElement(suite, "testcase", name=visible(f"{result['id']}{again}"))
    case.set("classname", visible(".".join([result["engine"], *_path(result["scenario"])])))
    case.set("time", f"{result['duration_s']:.3f}")
    if result["outcome"] == "failed":
        _told(case, "failure", sentence(result), body(result))
    elif result["outcome"] == "error":
        _told(case, "error", sentence(result), body(result))
    elif result["outcome"] == "skipped":
        _told(case, "skipped", result["skipped"] or "", "")
    SubElement(case, "system-out").text = visible("\n".join(_about(result)))


def _path(scenario: str) -> list[str]:
    """The folders and the file: readers part them at dots as in Java, where the last part is the class."""
    return re.sub(r"\.(ya?ml|py)$", "", file_of(scenario)[0]).strip("/").split("/")


def _about(result: ResultEntry) -> Iterator[str]:
    yield f"outcome: {result['outcome']}"
    yield _no_attachment(f"title: {result['title']}")
    yield f"attempts: {result['attempts']}"
    for check in result["checks"]:
        if (difference := check["difference"]) is not None:
            fate = " is gone" if check["unexpected_pass"] else ""
            told = f"known difference of {check['what']}{fate}: {difference['bug'] or difference['note']}"
            yield _no_attachment(told)
    # GitLab and Jenkins show a line of this form as an attachment of the test case.
    yield from (f"[[ATTACHMENT|{artifact}]]" for artifact in result["artifacts"])


def _no_attachment(text: str) -> str:
    """Part what a reader would take for an attachment, which it also does within a line."""
    return re.sub(r"\[(?=\[)", "[ ", text)


def _told(case: Element, kind: str, message: str, text: str) -> None:
    told = SubElement(case, kind, message=visible(message))
    if kind != "skipped":
        told.set("type", kind)
        told.text = visible(text)


def _properties(parent: Element, values: dict[str, str]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=visible(name), value=visible(value))
