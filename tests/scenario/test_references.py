from __future__ import annotations

from isolab.scenario.case import Source
from isolab.scenario.model import ScenarioFile
from isolab.scenario.positions import Report
from isolab.scenario.references import host_names, require_host_name, require_page
from isolab.scenario.yaml import parse

DOCUMENT = parse(
    Source("x", "title: t\nhosts: {one: , two: }\npages: {app: {}}\nflow: [{open: app}]\nexpect: {app.open: true}\n")
)
FILE = ScenarioFile.model_validate(DOCUMENT.data)


def test_names_that_exist_or_wait_for_a_value_are_no_problem() -> None:
    report = Report(DOCUMENT)
    require_page("app", ("pages",), FILE, report)
    require_page("${{ page }}", ("pages",), FILE, report)
    require_host_name("two", ("hosts",), FILE, report)
    assert report.problems == []


def test_names_that_do_not_exist_are() -> None:
    report = Report(DOCUMENT)
    require_page("apps", ("title",), FILE, report)
    require_host_name("app", ("title",), FILE, report)
    assert {(problem.code, problem.hint) for problem in report.problems} == {
        ("unknown-page", "did you mean `app`? the pages are: app"),
        ("unknown-host", "the hosts are: one, two"),
    }


def test_without_hosts_there_is_app() -> None:
    assert host_names(FILE) == ("one", "two")
    assert host_names(FILE.model_copy(update={"hosts": None})) == ("app",)
