"""Files to cases: every file is read, every mistake collected, and either all cases come out or all mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isolab.scenario.case import Case, Source, Span
from isolab.scenario.cross_check import check_file
from isolab.scenario.expand import Expander
from isolab.scenario.fixtures import Fixtures
from isolab.scenario.identity import scenario_id
from isolab.scenario.positions import Document, Report
from isolab.scenario.problem import Problem, ScenarioErrors
from isolab.scenario.provider_build import with_endpoints
from isolab.scenario.select import find_files
from isolab.scenario.validate import validate
from isolab.scenario.yaml import parse


def load_scenarios(paths: Sequence[Path]) -> list[Case]:
    """All cases of the files and of the folders' `**/*.yaml` and `**/*.yml`, in file order.

    Raises ScenarioErrors with every mistake of every file. Raises FileNotFoundError when the installation lacks
    isolab's fixtures.
    """
    files, problems = find_files(paths)
    fixtures = Fixtures()
    cases: list[Case] = []
    for file in files:
        try:
            cases += load_source(_read(file), scenario_id(file), fixtures)
        except ScenarioErrors as errors:
            problems += errors.problems
    problems += _same_ids(cases)
    if problems:
        raise ScenarioErrors(problems)
    return cases


def load_source(source: Source, scenario: str, fixtures: Fixtures | None = None) -> list[Case]:
    """The cases of a scenario file's text, whose ids begin with `scenario`. Raises ScenarioErrors."""
    document = parse(source)
    report = Report(document)
    cases: list[Case] = []
    if not isinstance(document.data, dict):
        _report_no_mapping(document, report)
    else:
        file = validate(document, document.data, report)
        if file is not None:
            check_file(with_endpoints(file, report), report)
            cases = Expander(scenario, document, document.data, fixtures or Fixtures(), report).cases(file)
    if report:
        raise ScenarioErrors(report.problems)
    return cases


def _read(path: Path) -> Source:
    name = path.as_posix()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problem = Problem("unreadable", f"the file cannot be read: {error.strerror}", Source(name, ""))
        raise ScenarioErrors([problem]) from error
    except UnicodeDecodeError as error:
        raise ScenarioErrors([_not_utf8(name, error)]) from error
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def _not_utf8(name: str, error: UnicodeDecodeError) -> Problem:
    """A problem with the first bad byte; what the error counts in is the file without its byte order mark."""
    source = Source(name, error.object.decode("utf-8", "replace"))
    before = error.object[: error.start].decode("utf-8")
    column = len(before) - (before.rfind("\n") + 1) + 1
    span = Span(before.count("\n") + 1, column, column + 1)
    return Problem("not-utf8", "the file is not UTF-8", source, span, "save it as UTF-8")


def _report_no_mapping(document: Document, report: Report) -> None:
    empty = document.data is None
    message = "the file is empty" if empty else "the file is not a mapping"
    report.value("not-a-mapping", (), message, "a scenario begins with `title: ...`")


def _same_ids(cases: Sequence[Case]) -> list[Problem]:
    """A problem for every file whose cases have the ids of another file's."""
    first: dict[str, Case] = {}
    problems: dict[str, Problem] = {}
    for case in cases:
        other = first.setdefault(case.id, case)
        if other is not case:
            hint = f"the other one is in {other.source.path}: rename one of the files"
            message = f"two cases have the id {case.id}"
            problems.setdefault(case.source.path, Problem("same-id", message, case.source, None, hint))
    return list(problems.values())
