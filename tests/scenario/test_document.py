from __future__ import annotations

import pytest

from isolab.scenario.case import Source, Span
from isolab.scenario.problem import ScenarioErrors
from isolab.scenario.yaml import parse

TEXT = """a:
  b: [one, two]
  c: |
    text ${{ x }}
    more ${{ y }}
d:
e: "with \\u0041 ${{ z }}"
"""
DOCUMENT = parse(Source("x", TEXT))


def test_keys_and_items_have_spans() -> None:
    assert DOCUMENT.key(("a", "b")) == Span(2, 3, 4)
    assert DOCUMENT.value(("a", "b", 1)) == Span(2, 12, 15)


def test_a_mapping_is_shown_by_its_first_key_and_an_empty_value_by_its_own() -> None:
    assert DOCUMENT.value(("a",)) == Span(2, 3, 4)
    assert DOCUMENT.value(("d",)) == Span(6, 1, 2)


def test_a_block_scalar_is_shown_on_its_first_line_and_fragments_where_they_stand() -> None:
    assert DOCUMENT.value(("a", "c")) == Span(3, 6, 7)
    assert DOCUMENT.fragment(("a", "c"), "${{ y }}") == Span(5, 10, 18)
    assert DOCUMENT.fragment(("a", "c"), "${{ z }}") == Span(3, 6, 7), "not found: the whole scalar"


def test_an_entry_reaches_from_key_to_value() -> None:
    assert DOCUMENT.entry(("a", "b")) == Span(2, 3, 16)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("", None),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
        ("'5'", "5"),
        ("!!str 5", "5"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    data = parse(Source("x", f"k: {text}")).data
    assert data == {"k": value}
    assert isinstance(data, dict)
    assert type(data["k"]) is type(value)


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 5000, "{a: " * 5000])
def test_deep_nesting_is_refused_before_it_can_exhaust_the_stack(text: str) -> None:
    with pytest.raises(ScenarioErrors, match="nested too deeply"):
        parse(Source("x", text))


def test_line_ends_of_other_scripts_do_not_move_the_lines() -> None:
    document = parse(Source("x", 'a: "x\u2028y\x85z"\nb: c\n'))
    assert document.value(("b",)) == Span(2, 4, 5)
