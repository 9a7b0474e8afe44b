from __future__ import annotations

import pytest
from advised import CALLBACK, LIBRARY
from written_cases import only, written

from isolab.advise.success import NoSuccess, choose, expected_success, needs_opener
from isolab.scenario.case import Scalar

POPUP = """
    title: t
    hosts: {{app: null, idp: cross-site}}
    pages: {{app: {{}}, popup: {{host: idp}}}}
    flow: [open: app, popup: popup]
    expect: {{{expect}}}
"""


def test_the_first_case_that_signs_in_is_taken_and_says_what_success_is() -> None:
    cases = written(CALLBACK)
    given, success = choose(cases, cases)
    assert given is cases[0]
    assert [(check.what, check.expected) for check in success.checks] == [("app.says.signed-in", "token-of-alice")]
    assert success.told_by == cases[0].id


def test_a_case_that_was_named_is_taken_and_another_one_says_what_success_is() -> None:
    cases = written(CALLBACK)
    given, success = choose(cases[1:], cases)
    assert given is cases[1]
    assert success.told_by == cases[0].id


@pytest.mark.parametrize(
    ("expect", "checks"),
    [
        ("popup.opener: preserved", ["popup.opener"]),
        ("popup.opener: preserved, popup.says.delivered: true", ["popup.says.delivered"]),
        ("app.says.signed-in: 1, popup.says.delivered: true", ["app.says.signed-in"]),
        ("popup.opener: severed", []),
        ("app.says.signed-in: null, popup.opener: preserved", []),
        ("app.url: app", []),
    ],
)
def test_the_surest_sign_of_success_counts(expect: str, checks: list[str]) -> None:
    assert [check.what for check in expected_success(only(POPUP.format(expect=expect)))] == checks


def test_what_some_engine_is_to_fail_in_is_no_success() -> None:
    text = POPUP.format(expect="app.says.signed-in: x").replace(
        "expect: {app.says.signed-in: x}",
        "expect: [{app.says.signed-in: x}, {when: {engine: webkit}, app.says.signed-in: null}]",
    )
    assert expected_success(only(text)) == ()


def test_nothing_that_says_so_is_a_mistake_with_its_mend() -> None:
    cases = written(POPUP.format(expect="app.url: app"))
    with pytest.raises(NoSuccess, match="say what success is with --success WINDOW"):
        choose(cases, cases)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("app.says.token=abc", "abc"),
        ("app.says.token=a=b", "a=b"),
        ("app.says.token=true", True),
        ("app.says.token=12", 12),
        ("popup.opener=preserved", "preserved"),
    ],
)
def test_success_may_be_stated_as_a_scenario_would(text: str, value: Scalar) -> None:
    cases = written(POPUP.format(expect="app.url: app"))
    given, success = choose(cases, cases, [text])
    assert given is cases[0]
    (check,) = success.checks
    assert (f"{check.what}=", check.expected) == (f"{text.partition('=')[0]}=", value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("signed-in", "'signed-in' is not WINDOW.FACT=VALUE"),
        ("app.token=x", "'app.token=x' is not WINDOW.FACT=VALUE"),
        ("login.says.token=x", "opens a window 'login': there are app, popup"),
    ],
)
def test_what_is_stated_wrongly_is_told(text: str, why: str) -> None:
    cases = written(POPUP.format(expect="app.url: app"))
    with pytest.raises(NoSuccess, match=why):
        choose(cases, cases, [text])


def test_the_file_tells_whether_the_opener_is_needed() -> None:
    cases = written(CALLBACK)
    assert needs_opener(cases, *choose(cases, cases)) is True
    works = written(CALLBACK.replace("app.says.signed-in: null", "app.says.signed-in: token-of-alice"))
    assert needs_opener(works, *choose(works, works)) is False


def test_without_a_case_that_is_cut_the_file_does_not_tell() -> None:
    cases = written(LIBRARY)
    assert needs_opener(cases, *choose(cases, cases)) is None


def test_cases_whose_pages_do_something_else_do_not_count() -> None:
    text = CALLBACK.replace("callback: {fixture: signin-callback}", 'callback: {fixture: "${{ back }}"}')
    cases = written(text.replace("matrix: {", "matrix: {back: [signin-callback, page], "))
    given, success = choose(cases, cases)
    assert needs_opener([case for case in cases if case.params["back"] == "page"], given, success) is None
