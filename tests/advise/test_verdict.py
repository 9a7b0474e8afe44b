from __future__ import annotations

from dataclasses import replace

import pytest
from advised import CALLBACK, by_the_rules, inquiry

from isolab.advise.inquiry import Inquiry
from isolab.advise.verdict import tried, verdict
from isolab.runner.result import CaseResult, CheckResult
from isolab.scenario.case import EngineName, Scalar

ISOLATED, CREDENTIALLESS, STRICT, ALLOWING = range(4)


def flown(place: int, engine: EngineName = "chromium", wish: str = "strictest-popup") -> tuple[Inquiry, CaseResult]:
    """What a combination, by its place, comes to in an engine that does as the standard says."""
    found = inquiry(CALLBACK, wish)
    return found, by_the_rules(found.plan.flown[place].case, engine)


def changed(result: CaseResult, what: str, observed: Scalar, **changes: object) -> CaseResult:
    """The result with another observation."""
    checks = tuple(
        replace(c, observed=observed, ok=observed == c.check.expected, **changes) if c.check.what == what else c  # type: ignore[arg-type]
        for c in result.checks
    )
    return replace(result, checks=checks)


def test_success_is_all_that_counts_where_nothing_else_is_wished_for() -> None:
    found, result = flown(ALLOWING)
    assert verdict(result, found.goal, "").fulfilled
    # The link is none of the wish: a channel may do.
    assert verdict(changed(result, "popup.opener", "severed"), found.goal, "").fulfilled


def test_a_cut_link_has_the_response_that_cut_it() -> None:
    found, result = flown(STRICT)
    told = verdict(result, found.goal, "")
    assert (told.fulfilled, told.short) == (False, "cut")
    assert told.cut is not None
    assert (told.cut.url, told.cut.from_policy) == ("https://idp.example/login", "same-origin")
    assert told.isolation == ""


def test_what_the_page_says_is_kept() -> None:
    found, result = flown(STRICT)
    assert verdict(changed(result, "app.says.error", "user_cancelled"), found.goal, "").app_says == "user_cancelled"


def test_an_engine_that_cuts_what_the_standard_keeps_is_told_with_what_is_known_of_it() -> None:
    found, result = flown(ALLOWING)
    cut = changed(changed(result, "popup.opener", "severed"), "app.says.signed-in", None)
    assert verdict(cut, found.goal, "blank pages (https://bug)").why == (
        "the standard keeps the link here; blank pages (https://bug)"
    )
    assert verdict(cut, found.goal, "").why == "the standard keeps the link here; chromium differs from it"


def test_a_page_that_is_not_isolated_does_not_fulfil_the_wish_for_it() -> None:
    found, result = flown(CREDENTIALLESS, "webkit", "isolated-popup")
    alone = changed(result, "app.says.signed-in", "token-of-alice")
    told = verdict(alone, found.goal, "")
    assert (told.fulfilled, told.short) == (False, "not isolated")
    assert told.isolation == "this engine differs from the standard, by which it is (by the rules)"
    # Both lack: the cut is told first.
    both = verdict(result, found.goal, "")
    assert (both.short, bool(both.isolation)) == ("cut", True)


def test_an_engine_without_shared_memory_is_not_blamed_on_headers() -> None:
    found, result = flown(ISOLATED, "webkit", "isolated-popup")
    told = verdict(changed(result, "app.says.signed-in", "token-of-alice"), found.goal, "")
    assert told.fulfilled
    assert told.notes == (
        "WebKitGTK and WPE have no SharedArrayBuffer (https://bugs.webkit.org/show_bug.cgi?id=317847)",
    )
    chromium = by_the_rules(found.plan.flown[ISOLATED].case, "chromium")
    lacking = changed(changed(chromium, "app.says.signed-in", "token-of-alice"), "app.SharedArrayBuffer", False)
    assert verdict(lacking, found.goal, "").fulfilled is False


@pytest.mark.parametrize("outcome", ["error", "failed"])
def test_what_could_not_be_judged_is_neither_yes_nor_no(outcome: str) -> None:
    found, result = flown(ALLOWING)
    lost = replace(result, outcome=outcome, error="the engine was lost")  # type: ignore[arg-type]
    assert (verdict(lost, found.goal, "").fulfilled, verdict(lost, found.goal, "").why) == (None, "the engine was lost")
    hollow = changed(result, "app.says.signed-in", "token-of-alice", error="proves nothing")
    assert verdict(hollow, found.goal, "").fulfilled is None


def test_a_step_that_could_not_be_done_is_a_no_where_success_is_lacking() -> None:
    found, result = flown(ALLOWING)
    stuck = replace(changed(result, "app.says.signed-in", None), outcome="failed", error="this step was not done")
    assert verdict(stuck, found.goal, "").fulfilled is False
    assert verdict(stuck, found.goal, "").why == "this step was not done"


def test_a_silent_page_is_told() -> None:
    found, result = flown(ALLOWING)
    assert (
        verdict(changed(result, "app.says.signed-in", None), found.goal, "").why == "app.says.signed-in was never told"
    )
    assert verdict(changed(result, "app.says.signed-in", "bob"), found.goal, "").why == "app.says.signed-in is bob"


def test_every_engine_has_to_fulfil_it_and_at_least_one_was_asked() -> None:
    found = inquiry(CALLBACK)
    case = found.plan.flown[ALLOWING].case
    good, bad = by_the_rules(case, "chromium"), by_the_rules(case, "webkit", dead=["webkit"])
    skipped = CaseResult(case, "firefox", "skipped", 0.0, skipped="not here")
    other = by_the_rules(found.plan.flown[STRICT].case, "firefox")
    assert tried(case, [good, skipped, other], found.goal, {}).fulfilled
    assert list(tried(case, [good, skipped, other], found.goal, {}).verdicts) == ["chromium"]
    assert not tried(case, [good, bad], found.goal, {}).fulfilled
    assert not tried(case, [skipped], found.goal, {}).fulfilled


def test_a_check_that_nobody_saw_does_not_hold() -> None:
    found, result = flown(ALLOWING)
    unseen = tuple(replace(check, seen=False) for check in result.checks)
    assert verdict(replace(result, checks=unseen), found.goal, "").fulfilled is False
    assert all(isinstance(check, CheckResult) for check in unseen)
