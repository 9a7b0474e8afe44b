from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hostile_results import EVIL, hostile
from hypothesis import given
from pictured import case_of, file_of, pictured, result_of, results_of, since
from report_runs import CHROMIUM, WEBKIT, run_of, tally_of, whole_run
from results_files import results_files

from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.html import render
from isolab.runner.events import RunFinished

_VOID = {"meta", "link", "br", "img", "input", "hr", "rect", "path"}


class Page(HTMLParser):
    """What a browser would make of the page: its elements, attributes, text, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.scripts: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            attributes = self.tags[-1][1]
            self.scripts[attributes.get("id") or attributes["type"] or ""] = data
        elif not (self.open and self.open[-1] == "style"):
            self.text += data

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)

    def words(self) -> str:
        return " ".join(self.text.split())


def page(results: ResultsFile) -> Page:
    return Page(render(results))


def test_the_file_stands_alone() -> None:
    parsed = page(since())
    assert not {"img", "link", "iframe", "object", "base"} & {tag for tag, _ in parsed.tags}
    assert not [
        key for _, attributes in parsed.tags for key in attributes if key in ("src", "style") or key[:2] == "on"
    ]
    links = [attributes["href"] or "" for attributes in parsed.all("a")]
    assert {link[0] if link[0] == "#" else link.partition(":")[0] for link in links} == {"#", "https"}


def test_nothing_but_its_own_script_and_style_runs() -> None:
    (policy,) = [a["content"] for a in page(pictured()).all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    hashed = r"'sha256-[\w+/]{43}='"
    assert re.fullmatch(
        f"default-src 'none'; script-src {hashed}; style-src {hashed}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        policy or "",
    )


def test_without_a_script_the_summary_and_all_cases_can_be_read() -> None:
    words = page(pictured(60)).words()
    assert "173 passed" in words
    assert "2 failed" in words
    assert "chromium 131.0" in words
    assert "app.coop=same-origin,hops=19" in words
    assert len(list(page(pictured(60)).all("tr"))) == 60 + 3


def test_each_outcome_is_a_word() -> None:
    cells = [a["class"] for a in page(file_of(results_of(50, size=50))).all("td")]
    assert {"outcome passed", "outcome failed", "outcome known-difference"} <= set(cells)
    words = page(file_of(results_of(50, size=50))).words()
    assert all(word in words for word in ("passed", "failed", "known difference", "flaky"))


def test_the_matrix_is_a_table_with_headers() -> None:
    heads = [attributes.get("scope") for attributes in page(file_of(results_of(5))).all("th")]
    assert heads == ["col"] * 4 + ["row"] * 5


def test_failures_are_listed_and_lead_to_their_case() -> None:
    parsed = page(file_of(iter([result_of(case_of(0), WEBKIT, "failed")])))
    assert "login.opener: expected preserved, observed severed; app.says.token: expected t0k3n" in parsed.words()
    link = "#case=signin/number-0%5Bapp.coop%3DNone%2Chops%3D0%5D".replace("%2C", ",")
    assert [a["href"] for a in parsed.all("a")].count(link) == 2


def test_of_many_failures_the_first_are_listed() -> None:
    parsed = page(file_of(result_of(case_of(number), WEBKIT, "failed") for number in range(60)))
    assert "10 more" in parsed.words()


def test_known_differences_link_to_their_bug() -> None:
    parsed = page(file_of(iter([result_of(case_of(0), WEBKIT, "known-difference")])))
    assert {"href": "https://bugs.webkit.org/1", "rel": "noreferrer"} in list(parsed.all("a"))
    assert "isolation is off by default" in parsed.words()


def test_what_changed_since_the_baseline_is_told() -> None:
    words = page(since(20)).words()
    assert "2 changes since before.json" in words
    assert "was passed, is failed firefox: signin/number-0[app.coop=None,hops=10]" in words
    assert "login.opener was preserved, is severed" in words
    assert "since before" not in page(pictured(20)).words()


def test_defects_and_interruptions_are_told() -> None:
    ended = RunFinished(1.0, interrupted=True, defect="ValueError: oh", notes=("a note",))
    words = page(document(tally_of(run_of([], failed="no display", finished=ended)))).words()
    for text in ("The run was interrupted", "This is a defect of isolab", "ValueError: oh", "no display", "a note"):
        assert text in words
    assert "No case was run." in words


def test_a_run_with_all_its_outcomes_by_the_terminals_example() -> None:
    words = page(document(tally_of(whole_run()))).words()
    assert "does not share memory between threads" in words
    assert "1 flaky" in words


# --- hostile text ----------------------------------------------------------------------------------------------------


def test_hostile_text_never_becomes_markup() -> None:
    parsed, plain = page(hostile()), page(pictured(1))
    assert {tag for tag, _ in parsed.tags} <= {"pre", *(tag for tag, _ in page(since(60)).tags)}
    assert {key for _, attributes in parsed.tags for key in attributes} <= {
        key for _, attributes in page(since(60)).tags for key in attributes
    }
    assert len(list(parsed.all("script"))) == len(list(plain.all("script"))) == 3
    assert parsed.text.count("alert(1)") >= 15
    assert "49" not in parsed.text.replace("{{ 7 * 7 }}", "")


def test_hostile_text_ends_no_script_and_begins_no_comment() -> None:
    parsed = page(hostile())
    for name in ("index", "data"):
        assert not re.search(r"[<>&'\u2028\u2029]", parsed.scripts[name])
    assert EVIL in json.loads(parsed.scripts["index"])["cases"][0][0]
    assert any(isinstance(node, str) and EVIL in node for node in json.loads(parsed.scripts["data"])["nodes"])


def test_no_text_turns_the_reading_direction_or_is_a_control_character() -> None:
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page(hostile()).text)


def test_no_hostile_address_becomes_a_link() -> None:
    links = [attributes["href"] or "" for attributes in page(hostile()).all("a")]
    assert [link for link in links if not link.startswith("#")] == []
    assert '"href":"javascript' not in page(hostile()).scripts["data"]


# --- many cases -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many() -> Page:
    return page(file_of(results_of(10_000, (CHROMIUM,)), (CHROMIUM,)))


def test_ten_thousand_cases_are_all_there(many: Page) -> None:
    index, data = json.loads(many.scripts["index"]), json.loads(many.scripts["data"])
    assert len(index["cases"]) == len(data["roots"]) == 10_000
    assert len(list(many.all("td"))) == 10_000
    assert [a["class"] for a in many.all("details")].count("scenario") == 500


def test_ten_thousand_cases_take_little_room(many: Page) -> None:
    # A picture of a dozen moments each, and what most of them have in common written once.
    assert sum(map(len, many.scripts.values())) < 400 * 10_000
    assert len(json.loads(many.scripts["data"])["shapes"]) < 60


# --- any results ------------------------------------------------------------------------------------------------------


@given(results_files())
def test_whatever_the_results_hold_the_page_is_whole_and_text_stays_text(results: ResultsFile) -> None:
    text = render(results)
    # Lone surrogates have no UTF-8.
    assert text.encode()
    parsed = Page(text)
    assert len(list(parsed.all("script"))) == 3
    assert not {"img", "iframe", "object"} & {tag for tag, _ in parsed.tags}
    packed = json.loads(parsed.scripts["data"])
    assert len(packed["roots"]) == len(json.loads(parsed.scripts["index"])["cases"])
