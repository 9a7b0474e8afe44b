from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.reports.words import one_line, plural, say, seconds, visible
from isolab.scenario.case import Scalar


def test_escape_sequences_and_turned_text_are_shown_not_obeyed() -> None:
    assert visible("a\x1b[31mb\x9b0m\u202ec\x7f\td\r") == "a␛[31mb\ufffd0m\ufffdc␡ d␍"


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
    [(None, "null"), (True, "true"), (False, "false"), (1, "1"), ("severed", "severed"), ("\x1b", "␛")],
)
def test_values_are_said_as_scenario_files_write_them(value: Scalar, said: str) -> None:
    assert say(value) == said


@pytest.mark.parametrize(
    ("duration", "said"), [(0.314, "0.31 s"), (12.34, "12.3 s"), (60, "1 min 00 s"), (125.4, "2 min 05 s")]
)
def test_times_are_said_as_people_read_them(duration: float, said: str) -> None:
    assert seconds(duration) == said


def test_plural() -> None:
    assert [plural(n, "case") for n in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]
