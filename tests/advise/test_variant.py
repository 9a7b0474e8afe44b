from __future__ import annotations

from advised import CALLBACK, inquiry
from written_cases import written

from isolab.advise.stance import NOTHING, STANCES, Stance
from isolab.advise.variant import variant
from isolab.scenario.case import ENGINE_NAMES, Click, Wait

COOP, COEP = "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy"


def test_it_expects_the_wish_and_looks_at_what_tells_why() -> None:
    found = inquiry(CALLBACK, "isolated-popup")
    case = variant(found.given, found.goal, {"app": STANCES[0]}, "n", hopeless=False, limit_s=3)
    assert [(check.what, check.expected) for check in case.checks] == [
        ("app.says.signed-in", "token-of-alice"),
        ("app.crossOriginIsolated", True),
        ("app.SharedArrayBuffer", True),
        ("popup.opener", "severed"),
        ("app.says.error", None),
    ]
    assert [found.goal.decides(check) for check in case.checks] == [True, True, True, False, False]
    assert (case.id, case.timeout_s) == ("written (n)", 3)


def test_the_opener_is_expected_as_the_rules_have_it_so_that_it_fails_only_where_an_engine_differs() -> None:
    found = inquiry(CALLBACK)
    for stance, fate in ((STANCES[2], "severed"), (STANCES[3], "preserved"), (NOTHING, "preserved")):
        case = variant(found.given, found.goal, {"app": stance}, "n", hopeless=False, limit_s=3)
        assert {check.what: check.expected for check in case.checks}["popup.opener"] == fate


def test_where_it_is_hopeless_nobody_waits_for_a_word_that_never_comes() -> None:
    found = inquiry(CALLBACK)
    for hopeless in (True, False):
        case = variant(found.given, found.goal, {"app": STANCES[2]}, "n", hopeless=hopeless, limit_s=3)
        assert [case.checks[0].allows(None, engine) for engine in ENGINE_NAMES] == [hopeless] * 3


def test_the_last_waits_for_words_are_left_out_and_no_other_step() -> None:
    found = inquiry(CALLBACK)
    assert isinstance(found.given.steps[-1], Wait)
    case = variant(found.given, found.goal, {"app": NOTHING}, "n", hopeless=False, limit_s=3)
    assert case.steps == found.given.steps[:-1]
    assert isinstance(case.steps[-1], Click)


def test_frames_and_workers_of_the_app_get_its_coep_and_keep_their_coop() -> None:
    text = CALLBACK.replace('coop: "${{ app.coop }}"}', 'coop: "${{ app.coop }}", embed: {part: {iframe: part}}}')
    text = text.replace("callback: {fixture", "part: {coop: same-origin}\n      callback: {fixture")
    assert len(written(text)) == 2
    found = inquiry(text)
    isolated, plain = (
        variant(found.given, found.goal, {"app": stance}, "n", hopeless=False, limit_s=3).pages["part"]
        for stance in (STANCES[0], Stance("same-origin"))
    )
    assert (isolated.header(COOP), isolated.header(COEP)) == ("same-origin", "require-corp")
    assert (plain.header(COOP), plain.header(COEP)) == ("same-origin", None)
