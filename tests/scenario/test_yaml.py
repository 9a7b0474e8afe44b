from __future__ import annotations

import pytest

from isolab.scenario.case import Source, Span
from isolab.scenario.problem import ScenarioErrors
from isolab.scenario.yaml import parse


def problems(text: str) -> list[tuple[str, Span | None]]:
    with pytest.raises(ScenarioErrors) as caught:
        parse(Source("x", text))
    return [(problem.code, problem.span) for problem in caught.value.problems]


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 5000, "{a: " * 5000])
def test_deep_nesting_is_refused_before_it_can_exhaust_the_stack(text: str) -> None:
    with pytest.raises(ScenarioErrors, match="nested too deeply"):
        parse(Source("x", text))


def test_line_ends_of_other_scripts_do_not_move_the_lines() -> None:
    document = parse(Source("x", 'a: "x\u2028y\x85z"\nb: c\n'))
    assert document.value(("b",)) == Span(2, 4, 5)


def test_all_duplicate_keys_and_tags_are_reported() -> None:
    assert problems("a: 1\na: 2\nb: {c: 1, c: 2}\nd: !x y\n") == [
        ("duplicate-key", Span(2, 1, 2)),
        ("duplicate-key", Span(3, 11, 12)),
        ("tag", Span(4, 4, 8)),
    ]


def test_an_undefined_alias_and_a_second_document_are_not_yaml_here() -> None:
    assert problems("a: *b\n") == [("yaml", Span(1, 4, 5))]
    assert problems("a: 1\n---\nb: 2\n") == [("yaml", Span(2, 1, 4))]


def test_an_alias_gives_the_same_data_at_the_anchors_place() -> None:
    document = parse(Source("x", "a: &x {k: v}\nb: *x\n"))
    assert document.data == {"a": {"k": "v"}, "b": {"k": "v"}}
    assert document.value(("b", "k")) == document.value(("a", "k")) == Span(1, 11, 12)


def test_many_plain_aliases_are_fine() -> None:
    text = "a: &x [1, 2, 3]\nb:\n" + "  - *x\n" * 1000
    data = parse(Source("x", text)).data
    assert isinstance(data, dict)
    assert len(data["b"]) == 1000


def test_keys_are_text_whatever_they_look_like() -> None:
    assert parse(Source("x", "1: a\ntrue: b\nnull: c\n")).data == {"1": "a", "true": "b", "null": "c"}
