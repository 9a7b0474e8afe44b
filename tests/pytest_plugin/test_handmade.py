"""What a lab declared in Python is as a scenario file, and what it says of what no scenario file can say."""

from __future__ import annotations

import enum
import re
from collections import OrderedDict
from http import HTTPStatus
from typing import Any

import pytest
import yaml
from fake_browser import FakeEngine

from isolab.pytest_plugin.handmade import LabMaker, TestLab
from isolab.pytest_plugin.house import House
from isolab.reports.places import lab_of
from isolab.runner.options import RunOptions
from isolab.scenario.problem import ScenarioErrors


class Markup(str):
    """As template engines give it (Django's SafeString, markupsafe's Markup): it stays one under `str`."""

    __slots__ = ()

    def __str__(self) -> str:
        return self


class Policy(enum.StrEnum):
    """A user's own names for values."""

    KEPT = "same-origin"


def _lab(**keys: Any) -> TestLab:
    """A lab for a test that starts no browser."""
    return LabMaker(House((), RunOptions()), "chromium", "test_it")(**keys)


def test_what_a_template_engine_has_rendered_is_text() -> None:
    lab = _lab()
    more = OrderedDict({"X-A": Markup("b")})
    lab.page("app", html=Markup("<p>hello"), coop=Policy.KEPT, status=HTTPStatus.NOT_FOUND, headers=more)
    lab.open("app")
    told = yaml.safe_load(lab.scenario({}))["pages"]["app"]
    assert told == {"html": "<p>hello", "coop": "same-origin", "status": 404, "headers": {"X-A": "b"}}


def test_each_expectation_of_a_test_is_a_scenario_of_its_own() -> None:
    """Their texts differ: what a report marks in the one must not be a line of another."""
    house = House([FakeEngine().engine], RunOptions())
    try:
        maker = LabMaker(house, "chromium", "test_it")
        first, second = maker(), maker()
        for lab in (first, second):
            lab.page("app")
        window = first.open("app")
        results = [window.expect({"isSecureContext": True}) for _ in range(2)]
        results.append(second.open("app").expect({"isSecureContext": True}))
    finally:
        house.close()
    assert [result.case.scenario for result in results] == [lab_of("test_it", number) for number in (1, 2, 3)]
    assert {result.case.id for result in results} == {"test_it"}


@pytest.mark.parametrize(("timeout", "seconds"), [(None, 60), (45_500, 45.5)])
def test_a_timeout_is_in_milliseconds_and_that_of_the_lab_in_seconds(timeout: float | None, seconds: float) -> None:
    house = House([FakeEngine().engine], RunOptions())
    try:
        lab = LabMaker(house, "chromium", "test_it")(timeout=60)
        lab.page("app")
        result = lab.open("app").expect({"isSecureContext": True}, timeout=timeout)
    finally:
        house.close()
    assert result.case.timeout_s == seconds


def test_a_value_that_no_scenario_file_can_have_is_named() -> None:
    lab = _lab()
    lab.page("app", coep=object())
    lab.open("app")
    with pytest.raises(TypeError, match=r"a lab takes text, numbers, lists and mappings, not object: <object "):
        lab.scenario({})


@pytest.mark.parametrize("key", ["matrix", "exclude"])
def test_a_matrix_is_pytests(key: str) -> None:
    with pytest.raises(ValueError, match=f"a lab has no `{key}`: it is one case, and pytest.mark.parametrize "):
        _lab(**{key: {"coop": [None, "same-origin"]}})


@pytest.mark.parametrize(
    ("difference", "told"),
    [
        ({"engine": "webkit"}, "the key `observed` is missing in difference 1"),
        ("webkit", "it has to be a mapping"),
        ({"engine": "webkit", "observed": "severed"}, '`observed` is "severed"'),
    ],
)
def test_a_difference_that_is_declared_wrongly_is_told_like_that_of_a_file(difference: Any, told: str) -> None:
    lab = _lab(differences=[difference])
    lab.page("app")
    with pytest.raises(ScenarioErrors, match=told):
        lab.open("app").expect({"isSecureContext": True})


@pytest.mark.parametrize(
    ("key", "call"), [("pages", "lab.page(...)"), ("flow", "lab.open(...)"), ("expect", "window.expect({...})")]
)
def test_what_a_lab_has_calls_for_is_no_key_of_it(key: str, call: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"a lab has no `{key}`: {call}")):
        _lab(**{key: {}})


def test_steps_that_nothing_is_expected_after_are_told() -> None:
    lab = _lab()
    lab.page("app")
    app = lab.open("app")
    lab.scenario({"app.isSecureContext": True})
    assert lab.unflown == ""
    app.click("#approve", frame="widget")
    app.wait(says="signed-in")
    assert lab.unflown.splitlines()[1:3] == ["  - click: #approve, in: app.widget", "  - wait: app, says: signed-in"]
