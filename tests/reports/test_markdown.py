from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from golden_texts import assert_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_runs import a_case, known, passed, run_of, severed, tally_of, whole_run
from results_files import results_files, texts

from isolab.reports.baseline import compared
from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.markdown import COMMENT, MOST, SUMMARY, render
from isolab.reports.markdown_text import block, code
from isolab.reports.words import one_line, visible

OURS = {
    "h1",
    "h2",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "b",
    "code",
    "pre",
    "p",
    "ul",
    "li",
}
OURS |= {"strong", "a"}


class Page(HTMLParser):
    """What a reader makes of the text: its tags, links, and the words in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.links: list[str | None] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.words = ""
        # As GitHub has it: CommonMark, raw HTML let through, tables and crossed out text.
        self.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.open.append(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")


def page(results: ResultsFile) -> Page:
    return Page(render(results))


def test_a_run_as_it_is_read() -> None:
    results = compared(document(tally_of(whole_run())), document(tally_of(run_of([passed(a_case())]))), "before.json")
    results["notes"] = ["a *note*"]
    assert_golden("summary.md", render(results))


def test_the_matrix_counts_what_there_was_in_each_engine() -> None:
    first, *_ = render(document(tally_of(run_of([passed(a_case()), severed(a_case())])))).split("\n\n## ")
    assert first.splitlines()[2:] == [
        "| engine | driver | passed | failed |",
        "|---|---|---:|---:|",
        r"| chromium 131\.0 | playwright | 1 | 0 |",
        r"| webkit 2\.50\.6 | webdriver | 0 | 1 |",
    ]


def test_a_run_of_nothing_is_a_table_all_the_same() -> None:
    shown = page(document(tally_of(run_of([]))))
    assert shown.tags["table"] == 1
    assert "nothing was run" in shown.words


def test_a_failure_is_folded_away_with_its_excerpt_and_the_command_to_see_it_again() -> None:
    shown = page(document(tally_of(run_of([severed(a_case())]))))
    assert (shown.tags["details"], shown.tags["summary"], shown.tags["pre"]) == (1, 1, 1)
    assert "^^^^^^^^^ observed: severed" in shown.words
    assert "isolab run 'signin/popup[app.coop=same-origin]' -e webkit" in shown.words


def test_only_so_many_failures_are_shown_whole_and_the_others_named() -> None:
    shown = Page(render(document(tally_of(run_of([severed(a_case())] * (MOST + 2)))), SUMMARY))
    assert shown.tags["details"] == MOST
    assert shown.tags["li"] == 2


@pytest.mark.parametrize("limit", [COMMENT, SUMMARY])
def test_where_there_is_no_room_for_an_excerpt_the_failure_is_named_and_nothing_is_left_out(limit: int) -> None:
    results = document(tally_of(run_of([severed(a_case())] * 3)))
    results["notes"] = ["the last word"]
    for result in results["results"]:
        result["checks"][0]["message"] = "ä" * (limit // 5)
    text = render(results, limit)
    assert len(text.encode()) <= limit
    shown = Page(text)
    assert (shown.tags["details"], shown.tags["li"]) == (2, 2)
    assert "the last word" in shown.words


def test_what_is_to_be_kept_as_a_file_fits_into_a_comment() -> None:
    text = render(document(tally_of(run_of([severed(a_case("x" * 900))] * (MOST + 2)))))
    assert len(text) <= 65_536
    assert "left out" not in text


def test_what_is_too_long_even_so_is_left_out_and_said() -> None:
    results = document(tally_of(run_of([severed(a_case())])))
    results["notes"] = ["ä" * COMMENT]
    text = render(results)
    assert len(text.encode()) < COMMENT + 100
    assert text.endswith("## Notes\n\n- (1 more: too long to be shown here)\n")


def test_what_is_too_long_takes_nothing_else_with_it() -> None:
    results = document(tally_of(run_of([severed(a_case())])))
    results["notes"] = ["ä" * COMMENT, "the last word"]
    results["defects"] = ["ä" * COMMENT]
    shown = page(results)
    assert shown.tags["details"] == 1
    assert "the last word" in shown.words
    assert "(1 part left out: too long to be shown here)" in shown.words


def test_an_upgrade_that_changes_everything_hides_no_failure() -> None:
    many = [known(a_case(f"signin/popup[app.coop={'x' * 150}-{number}]")) for number in range(1_000)]
    before = document(tally_of(run_of([replace(result, outcome="passed") for result in many])))
    shown = page(compared(document(tally_of(run_of([severed(a_case()), *many]))), before, "before.json"))
    assert (shown.tags["details"], shown.tags["summary"]) == (1, 1)
    assert "1000 changes since" in shown.words
    assert re.search(r"\(\d{3} more: too long to be shown here\)", shown.words)


def test_of_too_many_failures_as_many_are_named_as_there_is_room_for() -> None:
    failures = [severed(a_case(f"signin/popup[app.coop={'x' * 150}-{number}]")) for number in range(1_000)]
    text = render(document(tally_of(run_of(failures))))
    assert COMMENT * 0.9 < len(text.encode()) < COMMENT + 200
    shown = Page(text)
    assert "1000 failures" in shown.words
    assert shown.tags["li"] + int(re.findall(r"\((\d+) more: too long", shown.words)[0]) == 1_000 + 1


def test_a_bug_is_a_link() -> None:
    assert page(document(tally_of(run_of([known(a_case())])))).links == ["https://bugs.webkit.org/1"]


@settings(max_examples=40)
@given(results_files(), results_files())
def test_whatever_the_text_it_is_never_markup(results: ResultsFile, before: ResultsFile) -> None:
    shown = page(compared(results, before, "`before`.json"))
    assert set(shown.tags) <= OURS
    assert shown.attributes <= {"class", "href", "style"}
    assert all(re.fullmatch(r"https?://[\w./#?=&%+~:-]+", link or "") for link in shown.links)
    assert (shown.tags["h1"], shown.tags["table"]) == (1, 1)
    assert shown.tags["tr"] == 1 + len(results["engines"])
    assert shown.tags["details"] == sum(result["outcome"] in ("failed", "error") for result in results["results"])
    assert shown.open == []
    for result in results["results"]:
        if result["outcome"] in ("failed", "error"):
            assert squeezed(one_line(result["id"])) in squeezed(shown.words)
    for note in results["notes"]:
        assert squeezed(one_line(note)) in squeezed(shown.words)


@given(texts)
def test_what_a_file_says_of_an_engine_stays_in_its_cell(text: str) -> None:
    results = document(tally_of(run_of([])))
    results["engines"][0] |= {"driver": text, "version": text}
    shown = page(results)
    assert set(shown.tags) <= OURS
    assert (shown.tags["tr"], shown.tags["td"]) == (3, 4)


@given(texts | st.text("`|\\ \n"))
def test_a_code_span_shows_the_text(text: str) -> None:
    shown = Page(f"x {code(text)} y")
    assert set(shown.tags) == {"p", "code"}
    assert squeezed(one_line(text)) in squeezed(shown.words)


@given(texts | st.text("`~\\ \n#"))
def test_a_code_block_shows_the_text(text: str) -> None:
    shown = Page(f"before\n\n{block(text)}\n\nafter")
    assert shown.tags == {"p": 2, "pre": 1, "code": 1}
    assert visible(text).rstrip("\n") in shown.words


@pytest.mark.parametrize("name", ["<b>", "`", "a|b", "*", "[x](y)"])
def test_names_of_files_and_cases_stay_names(name: str) -> None:
    shown = page(compared(document(tally_of(run_of([severed(a_case(name))]))), document(tally_of([])), name))
    assert name in shown.words


def squeezed(text: str) -> str:
    """Without white space, of which HTML keeps no account."""
    return re.sub(r"\s", "", text)
