from __future__ import annotations

from rich.cells import cell_len

from isolab.scenario.case import Source, Span
from isolab.scenario.excerpt import excerpt


def carets(text: str, span: Span) -> tuple[str, str]:
    """The line shown and the caret line, without gutters."""
    _, _, line, marks = excerpt(Source("x.yaml", text), span, "why").split("\n")
    return line.partition("| ")[2], marks.partition("| ")[2]


def test_form() -> None:
    shown = excerpt(Source("a/x.yaml", "\n" * 11 + "    coopp: x\n"), Span(12, 5, 10), "did you mean `coop`?")
    assert shown == ("  --> a/x.yaml:12:5\n   |\n12 |     coopp: x\n   |     ^^^^^ did you mean `coop`?")


def test_without_a_message_the_line_ends_with_the_carets() -> None:
    assert excerpt(Source("x", "ab"), Span(1, 2, 3), "").endswith("|  ^")


def test_wide_and_combining_characters_and_tabs_do_not_move_the_carets() -> None:
    for before in ("", "\t", "日本", "e\u0301", "a\tb 値"):
        text = f"{before}wrong"
        line, marks = carets(text, Span(1, len(before) + 1, len(text) + 1))
        indent = len(marks) - len(marks.lstrip())
        assert indent == cell_len(line[: line.index("wrong")])
        assert marks.strip() == "^^^^^ why"


def test_a_wide_part_has_wide_carets() -> None:
    assert carets("日本", Span(1, 1, 3))[1] == "^^^^ why"


def test_an_empty_span_has_one_caret() -> None:
    assert carets("ab", Span(1, 3, 3)) == ("ab", "  ^ why")


def test_long_lines_are_cut_around_the_span() -> None:
    line, marks = carets("x" * 500 + "wrong" + "y" * 500, Span(1, 501, 506))
    assert len(line) < 200
    assert line[marks.index("^") :].startswith("wrong")


def test_escape_sequences_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in excerpt(Source("x", "\x1b[31m"), Span(1, 1, 2), "")
