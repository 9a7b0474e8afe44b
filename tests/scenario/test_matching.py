from __future__ import annotations

from isolab.scenario.case import ENGINE_NAMES
from isolab.scenario.matching import engines, matches


def test_every_parameter_has_to_have_one_of_its_values() -> None:
    params = {"a": 1, "b": None}
    assert matches(None, params)
    assert matches({}, params)
    assert matches({"a": [2, 1], "b": None}, params)
    assert not matches({"a": 1, "b": "x"}, params)
    assert not matches({"a": True}, params)


def test_a_parameter_that_is_not_there_matches_nothing_not_even_null() -> None:
    assert not matches({"c": None}, {"a": 1})


def test_engines_are_left_apart() -> None:
    assert matches({"engine": "firefox"}, {})
    assert engines({"engine": "firefox", "a": 1}) == ("firefox",)
    assert engines({"engine": ["webkit", "chromium"]}) == ("chromium", "webkit")
    assert engines({"a": 1}) == engines(None) == ENGINE_NAMES
