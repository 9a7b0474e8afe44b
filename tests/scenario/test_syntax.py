from __future__ import annotations

import pytest

from isolab.scenario.case import Source
from isolab.scenario.problem import Problem, ScenarioErrors
from isolab.scenario.yaml import parse


def problem(text: str) -> Problem:
    with pytest.raises(ScenarioErrors) as caught:
        parse(Source("x", text))
    [found] = caught.value.problems
    return found


def place(text: str) -> tuple[int, int]:
    span = problem(text).span
    assert span is not None
    return span.line, span.column


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a:\n\tb: 1\n", (2, 1)),
        ("a:\n  b: 1\n\tc: 2\n", (3, 1)),
        ("a:\n  - x\n  \t- y\n", (3, 3)),
        ("a: |\n\tb\n", (2, 1)),
    ],
)
def test_a_tab_that_indents_is_named(text: str, where: tuple[int, int]) -> None:
    assert (place(text), problem(text).hint) == (where, "use spaces")
    assert "tab" in problem(text).message


def test_a_tab_that_indents_nothing_is_not_blamed() -> None:
    assert parse(Source("x", "a: [1,\n\t2]\n")).data == {"a": [1, 2]}
    assert "tab" not in problem("a:\tb: 1\n").message


@pytest.mark.parametrize("between", ["---\n", "--- # more\n", "...\n---\n"])
def test_the_second_document_is_shown(between: str) -> None:
    text = f"a: é\n{between}b: 2\n---\nc: 3\n"
    assert place(text) == (2 + between.startswith("..."), 1)
    assert problem(text).message == "this file holds more than one document"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: 'x\nb: 1\n", (1, 4)),
        ("# it's\na: \"x\nb: 1\n", (2, 4)),
        ("a: {b: 'x}\nc: 1\n", (1, 8)),
        ("a: 'x\n---\nb: 1\n", (1, 4)),
    ],
)
def test_a_quote_that_is_never_closed_is_shown_where_it_begins(text: str, where: tuple[int, int]) -> None:
    assert (place(text), problem(text).message) == (where, "the quote that begins here is never closed")


@pytest.mark.parametrize(
    "text",
    [
        "- click: '#a\n- click: '#b'\n",
        'a: "x\nb: "*"\n',
        'a: "x\nb: "y"\n',
        "a: 'x\nb: 'y: z'\n",
        "a: {b: 'x,\nc: 'y'}\n",
        "- k: 'x\n- k: 'y'\n",
    ],
)
def test_a_quote_that_the_next_one_closes_is_shown_where_it_begins(text: str) -> None:
    found = problem(text)
    span = found.span
    assert span is not None
    assert (span.line, text[span.column - 1]) == (1, text.strip()[span.column - 1])
    assert text[span.column - 1] in "'\""
    assert found.message == "the quote that begins here is closed only on line 2"


def test_a_quote_that_ends_rightly_is_not_blamed_for_what_follows() -> None:
    assert place('a: "x\n  y"\n    b: 1\n') == (3, 5)
    assert place('a: ["x\n  y", }\n') == (2, 7)
    assert place("a: {b: 'x' c: 1}\n") == (1, 12)
    assert "quote" not in problem("a: {b: 'x' c: 1}\n").message


def test_a_comment_is_set_off_from_a_closing_quote() -> None:
    assert parse(Source("x", "a: '#x' # y\nb: &c '#z'\n")).data == {"a": "#x", "b": "#z"}
    assert place("a: &c '#x'#y\n") == (1, 11)


def test_text_after_a_closing_quote() -> None:
    found = problem("a: 'it's'\n")
    assert (place("a: 'it's'\n"), found.message) == ((1, 8), "text follows the closing quote")
    assert "''" in found.hint


@pytest.mark.parametrize(
    ("text", "column", "quoted"),
    [
        ("a: *x\n", 4, '"*x"'),
        ("a: *\n", 4, '"*"'),
        ("a: {b: *}\n", 8, '"*"'),
        ("a: [*, b]\n", 5, '"*"'),
        ("a: *.b.example  # c\n", 4, '"*.b.example"'),
        ("a: * b\n", 4, '"*..."'),
        ("*x: 1\n", 1, '"*..."'),
        ("a: &\n", 4, '"&"'),
        ("a: &x\nb: 1\n", 4, '"&x"'),
        ("a: @x\n", 4, '"@x"'),
        ("a: %41\n", 4, '"%41"'),
        ("%x: 1\n", 1, '"%..."'),
        ("a: `x`\n", 4, '"`x`"'),
        ("a: !x!y\n", 4, '"!x!y"'),
        ("a: !x\n", 4, '"!x"'),
        ("a: >=79\n", 4, '">=79"'),
        ("a: |x\n", 4, '"|x"'),
    ],
)
def test_text_that_begins_with_an_indicator_wants_quotes(text: str, column: int, quoted: str) -> None:
    assert place(text) == (1, column)
    assert quoted in problem(text).hint


def test_anchors_with_a_value_need_no_quotes() -> None:
    assert parse(Source("x", "a: &x ''\nb: &y\n  - *x\n")).data == {"a": "", "b": [""]}
