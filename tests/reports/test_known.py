from __future__ import annotations

from dataclasses import replace

from report_runs import COARSE, ISOLATED, a_case, known, passed, run_of, tally_of

from isolab.reports.document import document
from isolab.reports.known import differences, gone, gone_lines
from isolab.runner.result import CaseResult, CheckResult


def met(*results: CaseResult) -> list[tuple[str, str, int]]:
    found = differences(document(tally_of(run_of(results)))["results"])
    return [(engine, difference["note"], count) for engine, difference, count in found]


def test_each_difference_is_told_once_with_the_checks_that_met_it() -> None:
    assert met(known(a_case("a")), passed(a_case()), known(a_case("b"))) == [("webkit", COARSE.note, 2)]


def test_one_that_is_gone_was_not_met() -> None:
    assert met(known(a_case(), gone=True)) == []


def test_what_proves_nothing_has_met_nothing() -> None:
    """As results files say it that an older isolab wrote."""
    for check in (known(a_case()).checks[0], known(a_case(), gone=True).checks[0]):
        unproven = replace(check, ok=False, error="this proves nothing")
        results = document(tally_of(run_of([CaseResult(a_case(), "webkit", "error", 0.1, (unproven,))])))["results"]
        assert (differences(results), list(gone(results))) == ([], [])


def test_what_is_gone_is_said_with_what_was_known() -> None:
    results = document(tally_of(run_of([known(a_case("a"), gone=True)])))["results"]
    told = "webkit: a: app.isolated is true"
    assert list(gone_lines(results)) == [f"{told}; known: isolation is off by default (https://bugs.webkit.org/1)"]
    results[0]["checks"][0]["difference"] = None
    assert list(gone_lines(results)) == [told]


def test_the_one_that_was_met_most_often_comes_first() -> None:
    rare = CheckResult(ISOLATED, False, True, ok=True, difference=replace(COARSE, note="another"))
    result = CaseResult(a_case("rare"), "webkit", "known-difference", 0.1, (rare,))
    assert met(result, known(a_case("a")), known(a_case("b"))) == [("webkit", COARSE.note, 2), ("webkit", "another", 1)]
