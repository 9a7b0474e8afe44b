from __future__ import annotations

import json
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.reports.words import one_line, plural, say, seconds, short_urls, visible
from isolab.scenario.case import Scalar, same


def test_escape_sequences_and_turned_text_are_shown_not_obeyed() -> None:
    assert visible("a\x1b[31mb\x9b0m\u202ec\x7f\td\r") == "a␛[31mb\ufffd0m\ufffdc␡ d␍"


def test_spaces_that_do_not_break_are_spaces() -> None:
    assert visible("Se\u00a0connecter\u202f: \u65e5\u672c\u8a9e\u3000x") == "Se connecter : \u65e5\u672c\u8a9e x"


@given(st.text(st.characters(categories=None)))
def test_visible_keeps_its_promises(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert visible(shown) == shown
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;")
    fromstring(f"<a>{escaped}</a>")
    shown.encode()


def test_one_line_is_one_line() -> None:
    assert one_line("a\nb\r\nc\u2028d") == "a b c d"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (2.5, "2.5"),
        ("severed", "severed"),
        ("\x1b", r'"\u001b"'),
    ],
)
def test_values_are_said_as_scenario_files_write_them(value: Scalar, said: str) -> None:
    assert say(value) == said


@pytest.mark.parametrize(
    "text",
    ["3", "-2.5", "1e3", "0x1f", "true", "False", "null", "~", "", " ", "end ", " start", '"3"', '{"a": 1}', "[1]"],
)
def test_text_that_would_read_as_something_else_is_in_quotes(text: str) -> None:
    assert json.loads(say(text)) == text


def test_line_ends_cannot_make_two_texts_look_alike() -> None:
    assert say("a\nb") == r'"a\nb"'
    assert say("a\tb") == r'"a\tb"'


@pytest.mark.parametrize("text", ["no", "on", "yes", "12:30", "2026-11-22", "a b", "1.2.3", "https://a.example/?a=[1]"])
def test_other_text_is_said_as_it_is(text: str) -> None:
    assert say(text) == text


def test_what_a_page_says_as_an_object_or_a_list_is_json() -> None:
    assert say({"a": None, "ö": [True, 1]}) == '{"a": null, "ö": [true, 1]}'
    assert say(["x\u202e"]) == r'["x\u202e"]'
    assert say([]) == "[]"


@given(
    st.text(st.characters(categories=None))
    | st.text('-+.0123456789exTtrueNnul~"[{ ')
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
)
def test_what_is_said_can_only_be_read_as_the_value_itself(value: Scalar) -> None:
    said = say(value)
    assert said.isprintable()
    try:
        assert same(json.loads(said, parse_constant=str), value)
    except ValueError:
        assert said == value


@pytest.mark.parametrize(
    ("duration", "said"), [(0.314, "0.31 s"), (12.34, "12.3 s"), (60, "1 min 00 s"), (125.4, "2 min 05 s")]
)
def test_times_are_said_as_people_read_them(duration: float, said: str) -> None:
    assert seconds(duration) == said


def test_plural() -> None:
    assert [plural(n, "case") for n in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]


def test_a_long_query_is_cut_off_and_a_short_one_is_not() -> None:
    short = "https://a.example/x?token=token-of-alice sends"
    assert short_urls(short) == short
    long = f"by https://a.example/authorize?client_id=spa&redirect_uri={'x' * 40} with `A: b`, and {short}"
    assert short_urls(long) == f"by https://a.example/authorize?client_id=spa&redirect_u... with `A: b`, and {short}"
