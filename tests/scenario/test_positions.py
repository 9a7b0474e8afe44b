from __future__ import annotations

from isolab.scenario.case import Source, Span
from isolab.scenario.positions import Report
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


def test_an_index_past_the_end_is_the_end() -> None:
    assert DOCUMENT.text.span((10**6, 10**6 + 1)) == Span(8, 1, 1)


def test_at_walks_mappings_and_lists_and_gives_none_beyond() -> None:
    assert DOCUMENT.at(("a", "b", 1)) == "two"
    assert DOCUMENT.at(("a", "b", 2)) is None
    assert DOCUMENT.at(("a", "c", "x")) is None


def test_a_report_has_each_message_once_a_place_and_in_the_files_order() -> None:
    report = Report(DOCUMENT)
    assert not report
    for _ in range(2):
        report.key("late", ("e",), "second")
        report.key("early", ("a", "b"), "first")
    assert [problem.code for problem in report.problems] == ["early", "late"]
