from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from report_runs import WEBKIT, a_case, passed, run_of, severed, stopped, tally_of
from results_files import results_files

from isolab.reports.baseline import changes_lines, compared
from isolab.reports.document import document
from isolab.reports.form import BaselineEntry, ResultsFile
from isolab.runner.result import CaseResult


def results(*found: CaseResult) -> ResultsFile:
    return document(tally_of(run_of(found)))


def baseline(now: ResultsFile, before: ResultsFile) -> BaselineEntry:
    made = compared(now, before, "before.json")["baseline"]
    assert made is not None
    return made


def test_an_outcome_and_a_value_that_changed_are_told() -> None:
    case = a_case()
    now = results(severed(case))
    before = results(passed(case))
    before["results"][0]["engine"] = "webkit"
    made = baseline(now, before)
    (change,) = made["changes"]
    assert (change["id"], change["engine"], change["before"], change["after"]) == (
        case.id,
        "webkit",
        "passed",
        "failed",
    )
    assert [(check["what"], check["before"], check["after"]) for check in change["checks"]] == [
        ("popup.opener", "preserved", "severed")
    ]
    assert list(changes_lines(made)) == [
        "since before.json (2026-11-22T10:00:00Z): 1 change",
        f"webkit: {case.id}: was passed, is failed",
        "  popup.opener was preserved, is severed",
    ]


def test_what_a_case_that_was_broken_off_has_not_seen_is_no_change_of_its_checks() -> None:
    (change,) = baseline(results(stopped(a_case())), results(severed(a_case())))["changes"]
    assert (change["before"], change["after"], change["checks"]) == ("failed", "error", [])


def test_what_it_has_seen_before_it_went_wrong_is_compared() -> None:
    now = results(replace(severed(a_case()), error="a page's own script failed"))
    before = results(passed(a_case(), WEBKIT))
    (change,) = baseline(now, before)["changes"]
    assert [(check["what"], check["after"]) for check in change["checks"]] == [("popup.opener", "severed")]


def test_an_outcome_that_stayed_says_so() -> None:
    before = results(severed(a_case()))
    before["results"][0]["checks"][1]["observed"] = False
    made = baseline(results(severed(a_case())), before)
    assert list(changes_lines(made))[1:] == [
        f"webkit: {a_case().id}: failed as before",
        "  popup.closed was false, is true",
    ]


def test_true_and_1_are_two_values() -> None:
    before = results(severed(a_case()))
    before["results"][0]["checks"][1]["observed"] = 1
    assert list(changes_lines(baseline(results(severed(a_case())), before)))[-1] == "  popup.closed was 1, is true"


def test_a_value_that_was_not_seen_is_not_null() -> None:
    before = results(severed(a_case()))
    before["results"][0]["checks"][1] |= {"observed": None, "seen": False}
    assert (
        list(changes_lines(baseline(results(severed(a_case())), before)))[-1] == "  popup.closed was not seen, is true"
    )


def test_another_version_of_an_engine_is_told() -> None:
    before = results(passed(a_case()))
    before["engines"][0]["version"] = "130.0"
    made = baseline(results(passed(a_case())), before)
    assert list(changes_lines(made))[1:] == ["chromium: version 130.0 is 131.0 now"]


def test_cases_that_came_or_went_are_counted() -> None:
    made = baseline(results(passed(a_case("a")), passed(a_case("b"))), results(passed(a_case("c"))))
    assert (made["new"], made["gone"], made["changes"]) == (2, 1, [])
    assert next(changes_lines(made)).endswith(": 0 changes, 2 new, 1 not run this time")


def test_of_a_case_that_ran_more_than_once_the_worst_counts() -> None:
    good, bad = passed(a_case()), severed(a_case())
    now = results(bad, bad)
    before = results(good, bad)
    before["results"][0]["engine"] = "webkit"
    assert baseline(now, before)["changes"] == []


@given(results_files())
def test_nothing_changed_since_itself(results: ResultsFile) -> None:
    made = baseline(results, results)
    assert (made["changes"], made["engines"], made["new"], made["gone"]) == ([], [], 0, 0)


@given(results_files(), results_files())
def test_the_other_way_round_it_is_the_same_told_backwards(one: ResultsFile, other: ResultsFile) -> None:
    there, back = baseline(one, other), baseline(other, one)
    assert (there["new"], there["gone"]) == (back["gone"], back["new"])
    backwards = {(c["id"], c["engine"], c["after"], c["before"]) for c in back["changes"]}
    assert {(c["id"], c["engine"], c["before"], c["after"]) for c in there["changes"]} == backwards
    for change in there["changes"]:
        (same,) = (c for c in back["changes"] if (c["id"], c["engine"]) == (change["id"], change["engine"]))
        assert {check["what"] for check in change["checks"]} == {check["what"] for check in same["checks"]}


@given(results_files(), results_files())
def test_it_is_told_in_whole_lines(one: ResultsFile, other: ResultsFile) -> None:
    assert all("\n" not in line and "\x1b" not in line for line in changes_lines(baseline(one, other)))
