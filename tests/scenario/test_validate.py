from __future__ import annotations

from pathlib import Path

import pytest
from scenario_loading import TAIL, codes

from isolab.scenario.case import Source
from isolab.scenario.positions import Report
from isolab.scenario.validate import validate
from isolab.scenario.yaml import parse

EXPECT = "expect: {login.opener: severed}\n"


def test_what_nothing_depends_on_is_left_out_so_that_the_rest_can_be_checked() -> None:
    text = f"title: t\ntimeout: 0\nextra: 1\nlinks: [https://a.example, x]{TAIL}{EXPECT}"
    document = parse(Source("x", text))
    report = Report(document)
    file = validate(document, document.data, report)
    assert [problem.code for problem in report.problems] == ["timeout", "unknown-key", "not-a-url"]
    assert file is not None
    assert (file.timeout, file.links) == (30, [])
    assert set(file.pages) == {"app", "login"}


def test_a_wrong_page_leaves_nothing_to_check() -> None:
    document = parse(Source("x", f"title: t\nhosts: 5{TAIL}{EXPECT}"))
    assert validate(document, document.data, Report(document)) is None


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("tags: [1]", "wrong-type"),
        ("hosts: []", "wrong-type"),
        ("matrix: {p: 1}", "wrong-type"),
        ("matrix: {p: [[1]]}", "wrong-type"),
        ("matrix: {engine: [firefox]}", "name"),
        ("skip: {opera: why}", "unknown-engine"),
        ("skip: {webkit: ''}", "empty"),
        ("timeout: '5'", "wrong-type"),
        ("timeout: 601", "timeout"),
        ("links: [https://]", "not-a-url"),
        ("links: ['https://[x']", "not-a-url"),
        ("differences: [{engine: firefox, bug: 'https://b.example'}]", "missing-key"),
    ],
)
def test_each_mistake_is_one_problem(tmp_path: Path, extra: str, code: str) -> None:
    assert codes(tmp_path, f"title: t\n{extra}{TAIL}{EXPECT}") == [code]
