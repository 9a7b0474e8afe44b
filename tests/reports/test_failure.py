from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from golden_texts import assert_golden
from report_runs import CLOSED, CUT, OPENER, STEP, WEBKIT, a_case, passed, severed, stopped
from written_cases import only

from isolab.policy.terms import Origin
from isolab.reports.failure import check_messages, messages
from isolab.runner.result import CaseResult, CheckResult, Cut
from isolab.scenario.case import Scalar, Upstream


def _of(*checks: CheckResult, cut: Cut | None = None) -> list[str]:
    return messages(CaseResult(a_case(), "webkit", "failed", 1.0, checks, cuts={"popup": cut} if cut else {}), WEBKIT)


def test_a_failed_check_points_at_the_expectation() -> None:
    assert_golden("failed-check.txt", "\n".join(messages(severed(a_case()), WEBKIT)) + "\n")


def test_a_stopped_case_is_told_once_although_its_checks_say_the_same() -> None:
    assert_golden("stopped-case.txt", "\n".join(messages(stopped(a_case()), WEBKIT)) + "\n")


def test_a_step_that_could_not_be_done_is_pointed_at() -> None:
    assert_golden("stopped-step.txt", "\n".join(messages(stopped(a_case(), step=STEP), WEBKIT)) + "\n")


def test_what_never_came_after_a_step_that_was_not_done_is_not_told_beside_it() -> None:
    never = CheckResult(OPENER, None, "preserved", ok=False, seen=False)
    seen = CheckResult(CLOSED, False, True, ok=False)
    result = replace(stopped(a_case(), step=STEP), checks=(never, seen))
    assert list(check_messages(result, WEBKIT)) == [1]
    assert list(check_messages(replace(result, cuts={"popup": CUT}), WEBKIT)) == [0, 1]  # that is why
    assert list(check_messages(replace(result, error_span=None), WEBKIT)) == [0, 1]


def test_beside_the_caret_of_a_step_stands_one_harmless_line() -> None:
    (text,) = messages(stopped(a_case(), "no such\nelement \x1b[2J", STEP), WEBKIT)
    assert text.endswith("^^^^^^^ no such element ␛[2J")


def test_a_check_that_could_not_be_judged_says_why_and_claims_no_value() -> None:
    (text,) = _of(CheckResult(OPENER, "severed", None, ok=False, error="the control is severed too"))
    assert text.startswith("error: popup.opener could not be judged in webkit 2.50.6\n")
    assert "^^^^^^^^^ the control is severed too" in text
    assert "observed" not in text


def test_what_was_not_seen_is_not_told_as_a_value() -> None:
    (text,) = _of(CheckResult(CLOSED, None, None, ok=False, seen=False))
    assert "popup.closed is not seen in webkit 2.50.6, expected true" in text


def test_each_check_that_failed_has_its_own_message_and_no_other() -> None:
    result = CaseResult(
        a_case(),
        "webkit",
        "failed",
        1.0,
        (
            CheckResult(OPENER, "preserved", None, ok=True),
            CheckResult(CLOSED, False, True, ok=False),
        ),
    )
    assert set(check_messages(result, WEBKIT)) == {1}
    assert messages(passed(a_case()), WEBKIT) == []


def test_the_prediction_is_told_with_the_side_that_it_takes() -> None:
    (expected,) = _of(CheckResult(CLOSED, False, True, ok=False, reason="because"))
    assert "= standard: predicts true, as expected: because" in expected
    (neither,) = _of(CheckResult(OPENER, "noopener", "severed", ok=False))
    assert neither.endswith("= standard: predicts severed")
    (silent,) = _of(CheckResult(OPENER, "noopener", None, ok=False))
    assert "standard" not in silent


def test_the_cut_names_a_redirect_and_a_missing_header() -> None:
    cut = replace(CUT, redirect=True, status=302, header="")
    (text,) = _of(CheckResult(OPENER, "severed", None, ok=False), cut=cut)
    assert (
        "= cut by: the redirect 302 of https://idp.example/login without the header: from unsafe-none to same-origin"
        in text
    )


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    (text,) = _of(
        CheckResult(OPENER, "\x1b[2Jgone\nerror: fake", None, ok=False), cut=replace(CUT, header="X: \x1b]0;a\x07")
    )
    assert "\x1b" not in text
    assert "\x07" not in text
    assert r"\u001b[2Jgone\nerror: fake" in text


def test_a_number_and_the_text_of_it_are_told_apart() -> None:
    (text,) = _of(CheckResult(replace(OPENER, expected=3), "3", None, ok=False))
    assert text.startswith('error: popup.opener is "3" in webkit 2.50.6, expected 3\n')
    assert '^^^^^^^^^ observed: "3"' in text


def test_an_object_that_a_page_says_is_told_as_json() -> None:
    said: Any = {"a": [True, None]}
    (text,) = _of(CheckResult(OPENER, said, None, ok=False))
    assert 'popup.opener is {"a": [true, null]} in webkit 2.50.6, expected preserved' in text


def test_a_false_fix_that_bears_on_the_expectation_is_called_out() -> None:
    case = only("""
        title: The cure on every page
        hosts: {app: null, idp: cross-site}
        pages:
          app: {coop: same-origin-allow-popups}
          login: {host: idp}
          callback: {coop: same-origin-allow-popups}
        flow:
          - open: app
          - {popup: popup, page: login}
          - {navigate: popup, page: callback}
        expect: {popup.opener: preserved, popup.url: callback}
    """)
    opener, url = case.checks
    checks = (CheckResult(opener, "severed", "severed", ok=False), CheckResult(url, "login", None, ok=False))
    told = check_messages(CaseResult(case, "webkit", "failed", 1.0, checks), WEBKIT)
    assert told[0].endswith(
        "= will not help: same-origin-allow-popups belongs on https://app.example/app, which opens the popup; on "
        "https://app.example/callback, in the popup, it cuts the link; "
        "send no Cross-Origin-Opener-Policy on https://app.example/callback"
    )
    assert "will not help" not in told[1]


COOP = "Cross-Origin-Opener-Policy"
SIGNED_OUT = only(f"""
    title: Sign-in
    hosts: {{app: , idp: cross-site}}
    pages: {{app: {{headers: {{{COOP}: same-origin}}}}, login: {{host: idp}}}}
    flow: [open: app, popup: login]
    expect: {{login.opener: preserved, login.open: true, login.closed: true}}
""")
IDP = Origin("https", "idp.example")
APP_CUT = Cut("https://idp.example/login", 200, "", "same-origin", "unsafe-none", usually_set_by=("Django",))


def _signed_out(error: str | None = None) -> list[str]:
    opener, still_open, closed = SIGNED_OUT.checks
    checks = (
        CheckResult(opener, "severed", "severed", ok=False),
        CheckResult(still_open, False, None, ok=False),
        CheckResult(closed, False, None, ok=False),
    )
    result = CaseResult(SIGNED_OUT, "webkit", "failed", 1.0, checks, cuts={"login": APP_CUT}, error=error)
    return messages(result, WEBKIT)


def test_whose_header_has_to_change_is_told_once() -> None:
    first, *others = _signed_out()
    assert f"= mend: send `{COOP}: same-origin-allow-popups` on https://app.example/app" in first
    assert "= often set by: Django" in first
    for other in others:
        assert "= cut by: the response 200 of https://idp.example/login" in other
        assert "mend" not in other
        assert "often" not in other


TWO = only("""
    title: Sign-in and help
    hosts: {app: , idp: cross-site}
    pages: {app: {coop: same-origin, coep: require-corp}, login: {host: idp}, help: {host: idp}}
    flow: [open: app, popup: login, popup: help]
    expect:
      app.says.signed-in: alice
      app.crossOriginIsolated: true
      login.closed: false
      help.opener: severed
""")
HELP_CUT = replace(APP_CUT, url="https://idp.example/help")


def _mends(*failed: str, cuts: dict[str, Cut]) -> list[str]:
    """The mends that are told where these checks fail."""
    checks = tuple(CheckResult(check, None, None, ok=check.what not in failed) for check in TWO.checks)
    told = "\n".join(messages(CaseResult(TWO, "webkit", "failed", 1.0, checks, cuts=cuts), WEBKIT))
    return [line.partition("mend: ")[2] for line in told.splitlines() if "= mend: " in line]


@pytest.mark.parametrize("failed", [["app.says.signed-in"], ["login.closed"], ["app.says.signed-in", "login.closed"]])
def test_what_came_of_a_cut_has_its_mend_once(failed: list[str]) -> None:
    # That another popup is to lose its opener is no reason to keep it from the one that is not.
    plain = replace(TWO, checks=tuple(check for check in TWO.checks if check.what != "app.crossOriginIsolated"))
    checks = tuple(CheckResult(check, None, None, ok=check.what not in failed) for check in plain.checks)
    told = messages(
        CaseResult(plain, "webkit", "failed", 1.0, checks, cuts={"help": HELP_CUT, "login": APP_CUT}), WEBKIT
    )
    assert "\n".join(told).count("= mend: ") == 1


def test_no_mend_costs_the_isolation_that_is_expected_and_none_mends_what_is_to_be_cut() -> None:
    assert _mends("app.says.signed-in", cuts={"login": APP_CUT}) == []
    assert _mends("help.opener", cuts={"help": HELP_CUT}) == []


def _not_isolated(expect: str, observed: Scalar) -> str:
    """The message of a failed expectation of which the rules know a mend, beside others that hold."""
    case = only(f"""
        title: Isolation
        hosts: {{app: , cdn: cross-site}}
        pages: {{app: {{embed: {{logo: {{image: logo}}}}}}, logo: {{host: cdn}}, popup: {{}}}}
        flow: [open: app, popup: popup]
        expect: {expect}
    """)
    first, *others = case.checks
    failed = CheckResult(first, observed, observed, ok=False, mend="send `Name: value` on https://app.example/app")
    held = (CheckResult(other, other.expected, None, ok=True) for other in others)
    return "\n".join(messages(CaseResult(case, "webkit", "failed", 1.0, (failed, *held)), WEBKIT))


@pytest.mark.parametrize(
    ("expect", "observed"),
    [
        ("{app.crossOriginIsolated: true}", False),
        ("{app.logo: loaded, popup.opener: preserved}", "blocked"),
        ("{app.sharedMemory: true, popup.opener: severed}", False),
    ],
)
def test_what_isolates_a_page_or_lets_something_load_is_told(expect: str, observed: Scalar) -> None:
    assert _not_isolated(expect, observed).endswith("= mend: send `Name: value` on https://app.example/app")


@pytest.mark.parametrize(
    ("expect", "observed"),
    [
        ("{app.crossOriginIsolated: false}", True),
        ("{app.logo: blocked}", "loaded"),
        ("{app.crossOriginIsolated: true, popup.opener: preserved}", False),
        ("{app.crossOriginIsolated: true, popup.closed: false}", False),
    ],
)
def test_no_mend_is_told_that_is_not_wanted_or_cuts_what_is_to_last(expect: str, observed: Scalar) -> None:
    assert "mend" not in _not_isolated(expect, observed)


def test_what_cut_the_link_is_told_before_what_came_of_it() -> None:
    *checks, last = _signed_out("a page's own script failed: login: opener is null")
    assert len(checks) == 3
    assert "a page's own script failed" in last


def test_of_a_server_of_ones_own_only_what_it_sent_is_known() -> None:
    own = replace(SIGNED_OUT, upstreams={IDP: Upstream("http://127.0.0.1:8000", "idp", STEP)})
    check = CheckResult(own.checks[0], "severed", "severed", ok=False)
    (text,) = messages(CaseResult(own, "webkit", "failed", 1.0, (check,), cuts={"login": APP_CUT}), WEBKIT)
    assert "= mend: send same-origin-allow-popups, not same-origin, on the page before https://idp.example/" in text
    sent = replace(APP_CUT, header=f"{COOP}: same-origin")
    (text,) = messages(CaseResult(own, "webkit", "failed", 1.0, (check,), cuts={"login": sent}), WEBKIT)
    assert f"= mend: send no {COOP} on https://idp.example/login" in text
