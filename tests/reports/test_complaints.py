from __future__ import annotations

from dataclasses import replace

from report_runs import CUT, OPENER, STEP, a_case, known, passed, run_of, severed, stopped, tally_of

from isolab.reports.complaints import Complaint, Place, body, complaints, cut_line, sentence, unfinished
from isolab.reports.document import document
from isolab.reports.form import ResultEntry, failing
from isolab.runner.result import CaseResult, CheckResult


def entry(result: CaseResult) -> ResultEntry:
    (made,) = document(tally_of(run_of([result])))["results"]
    return made


def told(result: CaseResult) -> list[Complaint]:
    return list(complaints(document(tally_of(run_of([result])))))


def test_each_expectation_that_does_not_hold_is_one() -> None:
    (one,) = told(severed(a_case()))
    assert (one.kind, one.what, one.place) == ("expectation", "popup.opener", Place(3, 17, 26))
    assert one.why == (
        "The standard predicts severed: the policies of the two responses do not match.",
        f"Cut by the response 200 of {CUT.url}, {CUT.header} (from unsafe-none to same-origin).",
    )


def test_a_case_that_was_broken_off_is_one_and_its_checks_are_none() -> None:
    (one,) = told(stopped(a_case(), step=STEP))
    assert (one.kind, one.what, one.place) == ("case", None, Place(1))
    assert one.sentence == f"{a_case().id}: the popup was not there after 15 s"


def test_what_a_page_did_wrong_does_not_hide_which_expectations_do_not_hold() -> None:
    result = replace(severed(a_case()), error="a page's own script failed: login: opener is null")
    expectation, case = told(result)
    assert (expectation.what, expectation.place) == ("popup.opener", Place(3, 17, 26))
    assert case.sentence.endswith("opener is null")
    assert sentence(entry(result)) == (
        "popup.opener: expected preserved, observed severed; a page's own script failed: login: opener is null"
    )


def test_a_step_that_could_not_be_done_names_the_response_that_cut_the_link() -> None:
    result = replace(stopped(a_case(), "the click could not be done", STEP), outcome="failed", cuts={"popup": CUT})
    (one,) = told(result)
    assert (one.kind, one.why) == ("case", (f"Cut by {cut_line(entry(severed(a_case()))['cuts']['popup'])}.",))


def test_a_run_that_was_finished_is_not_unfinished() -> None:
    results = document(tally_of(run_of([passed(a_case())])))
    assert unfinished(results) == ""
    assert unfinished({**results, "not_run": 1}) == "1 case not run"
    assert unfinished({**results, "interrupted": True}) == "the run was interrupted: 0 cases not run"


def test_a_case_as_expected_is_none() -> None:
    assert told(passed(a_case())) == []


def test_known_differences_say_what_is_known() -> None:
    (met,), (gone,) = told(known(a_case())), told(known(a_case(), gone=True))
    assert (met.kind, gone.kind) == ("known-difference", "unexpected-pass")
    assert met.why[-1] == "isolation is off by default. https://bugs.webkit.org/1"
    assert "observed" not in met.sentence
    assert met.sentence.endswith("app.isolated in webkit: false, as known; the standard: true")


def test_what_is_known_of_a_popup_says_nothing_of_what_it_embeds() -> None:
    load = CheckResult(replace(OPENER, fact="load"), "blocked", None, ok=False)
    (one,) = told(CaseResult(a_case(), "webkit", "failed", 1.0, (load,), {"popup": CUT}))
    assert one.why == ()


def test_a_place_without_a_width_is_a_line() -> None:
    results = document(tally_of(run_of([severed(a_case())])))
    results["results"][0]["checks"][0] |= {"column": 1, "end_column": 1}
    (one,) = complaints(results)
    assert one.place == Place(3)


def test_a_value_that_was_not_seen_is_not_null() -> None:
    check = CheckResult(OPENER, None, None, ok=False, seen=False)
    (one,) = told(CaseResult(a_case(), "webkit", "failed", 1.0, (check,)))
    assert one.sentence.endswith("expected preserved, nothing seen")


def test_the_sentence_and_the_body_of_a_result() -> None:
    assert sentence(entry(severed(a_case()))) == "popup.opener: expected preserved, observed severed"
    assert sentence(entry(passed(a_case()))) == body(entry(passed(a_case()))) == ""
    assert "^^^^^^^^^ observed: severed" in body(entry(severed(a_case())))


def test_a_cut_names_the_redirect_and_what_was_not_sent() -> None:
    cut = entry(replace(severed(a_case()), cuts={"popup": replace(CUT, redirect=True, header="")}))["cut"]
    assert cut is not None
    assert cut_line(cut) == (
        "the redirect 200 of https://idp.example/login, without the header (from unsafe-none to same-origin)"
    )


def test_failed_and_error_fail_the_run_and_nothing_else() -> None:
    assert [failing(entry(result)) for result in (severed(a_case()), stopped(a_case()), known(a_case()))] == [
        True,
        True,
        False,
    ]
