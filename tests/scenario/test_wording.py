from __future__ import annotations

import pytest

from isolab.scenario.wording import alike, listing, plain, shown, suggestion


def test_suggestions_look_past_upper_and_lower_case() -> None:
    assert suggestion("CrossoriginIsolated", ["crossOriginIsolated", "open"], "rest") == (
        "did you mean `crossOriginIsolated`? rest"
    )
    assert suggestion("zzz", ["open"], "rest") == "rest"


def test_lists() -> None:
    assert (listing(["a", "b"]), listing([])) == ("a, b", "none")


@pytest.mark.parametrize(
    ("value", "text"),
    [("x", '"x"'), (None, "null"), (True, "true"), (5, "5"), ({}, "a mapping"), ([1], "a list")],
)
def test_values_are_shown_as_yaml_has_them(value: object, text: str) -> None:
    assert shown(value) == text


def test_plain_text() -> None:
    assert (plain(False), plain(None), plain(None, null="absent"), plain("x")) == ("false", "null", "absent", "x")


def test_true_is_not_one() -> None:
    assert alike(1, 1.0)
    assert not alike(1, True)
    assert not alike(None, False)
