from __future__ import annotations

import pytest

from isolab.scenario.case import Scalar
from isolab.scenario.placeholders import fill, fill_sections, placeholders, served, texts

PARAMS: dict[str, Scalar] = {"a.b": None, "n": 5, "t": True, "s": "x"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("${{ n }}", 5),
        ("${{n}}", 5),
        ("${{ a.b }}", None),
        ("${{ t }}", True),
        (" ${{ n }}", " 5"),
        ("${{ n }}${{ s }}", "5x"),
        ("[${{ a.b }}|${{ t }}]", "[|true]"),
        ("${{ url.n }}", "${{ url.n }}"),
        ("${{ other }} ${{ n }}", "${{ other }} 5"),
        ("$ {{ n }}", "$ {{ n }}"),
    ],
)
def test_fill(text: str, filled: Scalar) -> None:
    assert fill(text, PARAMS) == filled
    assert fill({"k": [text]}, PARAMS) == {"k": [filled]}


def test_values_are_not_filled_again() -> None:
    assert fill("${{ a }}", {"a": "${{ b }}", "b": 1}) == "${{ b }}"


def test_only_some_sections_are_filled() -> None:
    data = {"title": "${{ n }}", "flow": ["${{ n }}"]}
    assert fill_sections(data, PARAMS) == {"title": "${{ n }}", "flow": [5]}


def test_finding() -> None:
    assert list(placeholders("a ${{ b }} ${{c.d}} ${{ e")) == [("${{ b }}", "b"), ("${{c.d}}", "c.d")]
    assert list(texts({"a": ["x", "${{ y"]})) == [(("a", 1), "${{ y")]


def test_what_the_lab_fills_in() -> None:
    assert served("url.app") == ("url", "app")
    assert served("origin.idp") == ("origin", "idp")
    assert served("urls.app") is None
