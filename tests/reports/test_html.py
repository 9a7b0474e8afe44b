from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from report_runs import (
    CHROMIUM,
    OPENER,
    STEP,
    WEBKIT,
    a_case,
    known,
    passed,
    run_of,
    severed,
    stopped,
    tally_of,
    whole_run,
)

from isolab.reports.document import document
from isolab.reports.html import Cell, groups, render, web_link
from isolab.runner.events import Event, RunFinished
from isolab.runner.result import CaseResult, CheckResult

_VOID = {"meta", "link", "br", "img", "input", "hr"}


class _Page(HTMLParser):
    """What a browser would make of the page: its elements, attributes, text, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(events: list[Event]) -> _Page:
    parsed = _Page(render(document(tally_of(events))))
    assert parsed.open == []
    return parsed


def test_the_file_is_self_contained() -> None:
    parsed = page(whole_run())
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in parsed.tags}
    assert not [
        value for _, attrs in parsed.tags for name, value in attrs.items() if name == "src" or name.startswith("on")
    ]
    assert "url(" not in render(document(tally_of(whole_run())))


def test_the_matrix_has_a_cell_for_each_engine() -> None:
    (group,) = groups(document(tally_of(whole_run())))
    assert [[cell.outcome for cell in row.cells] for row in group.rows] == [
        ["passed", "failed"],
        ["flaky", "error"],
    ]
    assert not group.calm


def test_a_case_that_one_engine_did_not_run_says_so() -> None:
    (group,) = groups(document(tally_of(run_of([passed(a_case())]))))
    assert [cell.label for cell in group.rows[0].cells] == ["passed", "not run"]
    assert group.calm


def test_repeated_cases_show_the_worst_outcome() -> None:
    results = document(tally_of(run_of([passed(a_case()), passed(a_case())])))["results"]
    results[1]["outcome"] = "failed"
    assert Cell(tuple(results)).label == "failed (the worst of 2)"


def test_failures_have_their_excerpt_and_can_be_reached_from_the_matrix() -> None:
    parsed = page(run_of([severed(a_case())]))
    assert "^^^^^^^^^ observed: severed" in parsed.text
    ids = {attrs["id"] for tag, attrs in parsed.tags if tag == "article"}
    links = [attrs["href"] for tag, attrs in parsed.tags if tag == "a"]
    assert ids == {"webkit:signin/popup[app.coop=same-origin]"}
    assert links == ["#webkit%3Asignin/popup%5Bapp.coop%3Dsame-origin%5D"]


def test_a_step_that_could_not_be_done_has_its_excerpt_once() -> None:
    parsed = page(run_of([stopped(a_case(), step=STEP)]))
    assert "--> scenarios/signin/popup.yaml:1:8" in parsed.text
    assert "^^^^^^^ the popup was not there after 15 s" in parsed.text
    assert parsed.text.count("the popup was not there") == 1


def test_every_failure_of_a_repeated_case_has_a_fragment_of_its_own() -> None:
    case, other = a_case(), a_case("signin/popup[app.coop=unsafe-none]")
    results = [passed(case, WEBKIT), severed(case), severed(other), severed(case), severed(case, CHROMIUM)]
    parsed = page(run_of(results))
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert [id_ for id_ in ids if id_ and id_.endswith("=same-origin]")] == [
        "webkit:signin/popup[app.coop=same-origin]",
        "webkit-2:signin/popup[app.coop=same-origin]",
        "chromium:signin/popup[app.coop=same-origin]",
    ]
    links = [unquote(attrs["href"] or "")[1:] for tag, attrs in parsed.tags if tag == "a"]
    assert len(links) == 3
    assert set(links) < set(ids)


def test_known_differences_link_to_their_bug() -> None:
    parsed = page(run_of([known(a_case())]))
    assert ("a", {"href": "https://bugs.webkit.org/1", "rel": "noreferrer"}) in parsed.tags


def test_defects_and_interruptions_are_told() -> None:
    parsed = page(run_of([], failed="no display", finished=RunFinished(1.0, interrupted=True, defect="ValueError: oh")))
    for text in ("The run was interrupted", "This is a defect of isolab", "ValueError: oh", "no display"):
        assert text in parsed.text


def test_the_value_of_an_unexpected_pass_tells_text_from_numbers() -> None:
    (check,) = known(a_case(), gone=True).checks
    result = replace(known(a_case(), gone=True), checks=(replace(check, observed="3"),))
    assert 'app.isolated is "3", as the standard has it' in page(run_of([result])).text


def test_hostile_text_is_escaped_everywhere() -> None:
    evil = "</pre></style><script>alert(1)</script>\"' onload=x \x1b[31m"
    check = CheckResult(OPENER, evil, None, ok=False, reason=evil)
    case = a_case(f"{evil}[a={evil}]", evil)
    results = [
        CaseResult(case, "webkit", "failed", 1.0, (check,), error=evil, artifacts=(evil,)),
        CaseResult(case, "chromium", "skipped", 0.0, skipped=evil),
    ]
    events = run_of(results, gaps=(evil,), finished=RunFinished(1.0, defect=evil, notes=(evil,)))
    text = render(document(tally_of(events)))
    assert "script" not in {tag for tag, _ in _Page(text).tags}
    assert not re.search(r"<script|\x1b", text)
    assert page(events).text.count("alert(1)") >= 7


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("https://bugs.webkit.org/1", True),
        ("http://a.example/", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("webkit.org/b/1", False),
        ("https://[", False),
        ("data:text/html,x", False),
    ],
)
def test_only_web_addresses_become_links(text: str, linked: bool) -> None:
    assert (web_link(text) is not None) == linked
