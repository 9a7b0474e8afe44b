from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.policy.fields import combined, read_item, read_keyword

NAME = "Cross-Origin-Opener-Policy"
VALUES = ("unsafe-none", "same-origin", "same-origin-allow-popups")


def lines(*values: str) -> list[tuple[str, str]]:
    return [(NAME, value) for value in values]


@pytest.mark.parametrize(
    "value",
    [
        "same-origin",
        " same-origin ",
        "\tsame-origin",
        "same-origin\t",
        "same-origin;foo=bar",
        "same-origin; foo=bar",
        "same-origin;same-origin",
        "same-origin; report-to=endpoint",
        'same-origin; report-to="endpoint"; x=:aGk=:; y=?0; z=1.5',
    ],
)
def test_a_token_counts_whatever_its_parameters(value: str) -> None:
    assert read_keyword(lines(value), NAME, VALUES).value == "same-origin"


@pytest.mark.parametrize(
    ("value", "reason", "position"),
    [
        ("same-origin;", "trailing `;`", 12),
        ("same-origin; foo=bar;", "trailing `;`", 21),
        ("same-origin ;foo", "space before `;`", 13),
        ("same-origin;\tfoo", "U+0009", 13),
        ("\vsame-origin\v", "U+000B", 1),
        ("same-origin\f", "U+000C", 12),
        ("same-origin\r", "U+000D", 12),
        ("Same-origin", "in lower case", 1),
        ("same-origin same-origin", "second value", 13),
        ("same-origin,same-origin", "list", 12),
        ('"same-origin"', "quoted string", 1),
        ("?1", "boolean", 1),
        ("1", "integer", 1),
        (":c2FtZS1vcmlnaW4=:", "byte sequence", 1),
        ("same\xfforigin", "U+00FF", 5),
        ("same\u2013origin", "U+2013", 5),
        ("same-origin;a=\u20131", "U+2013", 15),
        ("*same-origin", "unknown value", 1),
        ("$same-origin", "`$`", 1),
        ("same%FForigin", "unknown value", 1),
        ('same-origin; report-to="endpoint', "ends too early", 32),
        ("same-origin; Foo=bar", "`F`", 14),
        ("", "empty", 1),
    ],
)
def test_what_cannot_be_read_is_ignored_and_says_why(value: str, reason: str, position: int) -> None:
    read = read_keyword(lines(value), NAME, VALUES)
    assert read.value is None
    assert read.ignored is not None
    assert reason in read.ignored.reason
    assert read.ignored.position == position


@pytest.mark.parametrize("sent", [("same-origin", "same-origin"), ("", "same-origin"), ("same-origin", "")])
def test_a_header_sent_twice_is_ignored(sent: tuple[str, str]) -> None:
    read = read_keyword(lines(*sent), NAME, VALUES)
    assert read.value is None
    assert read.ignored is not None
    assert "list" in read.ignored.reason


def test_a_quoted_string_may_run_over_two_lines() -> None:
    read = read_keyword(lines('same-origin; report-to="a', 'b"'), NAME, VALUES)
    assert (read.value, read.endpoint) == ("same-origin", "a, b")


@pytest.mark.parametrize(("parameter", "endpoint"), [('"group"', "group"), ("group", None), (":Z3JvdXA=:", None)])
def test_report_to_counts_only_as_a_string(parameter: str, endpoint: str | None) -> None:
    read = read_keyword(lines(f"same-origin; report-to={parameter}"), NAME, VALUES)
    assert (read.value, read.endpoint) == ("same-origin", endpoint)


def test_a_field_that_is_not_sent_is_neither_read_nor_ignored() -> None:
    read = read_keyword([("X-Other", "same-origin")], NAME, VALUES)
    assert (read.value, read.text, read.ignored) == (None, None, None)


def test_field_names_are_compared_without_case_and_lines_are_joined() -> None:
    assert combined([("a", " x\t"), ("B", "y"), ("A", "z")], "A") == "x, z"


any_bytes = st.text(st.characters(codec="latin-1"), max_size=40)
near_misses = st.text('sameorigin-;=", \t?:*1%@', max_size=20)


@given(st.lists(st.one_of(any_bytes, near_misses, near_misses.map(lambda tail: f"same-origin{tail}")), max_size=3))
def test_parsing_never_raises_and_every_refusal_has_a_place_in_the_value(values: list[str]) -> None:
    read = read_item(lines(*values), NAME)
    assert (read.token is None) == (read.ignored is not None or not values)
    if read.ignored is not None:
        assert 1 <= read.ignored.position <= max(1, len(read.text or "") + 1)


@given(st.text(max_size=30))
def test_text_beyond_bytes_does_not_raise_either(value: str) -> None:
    read_keyword(lines(value), NAME, VALUES)
