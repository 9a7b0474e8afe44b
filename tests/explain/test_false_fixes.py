from __future__ import annotations

from dataclasses import replace

import pytest
from written_cases import only, written

from isolab.explain.explain import case_false_fixes, explain_case, explain_responses
from isolab.explain.false_fixes import about, brought_by
from isolab.explain.model import FalseFix
from isolab.explain.text import lines
from isolab.policy.response import Hop
from isolab.policy.terms import Origin
from isolab.resources import resource
from isolab.scenario.case import Case
from isolab.scenario.load import load_scenarios

COOP = "Cross-Origin-Opener-Policy"
BREAKAGE = {case.id: case for case in load_scenarios([resource("scenarios") / "breakage"])}
APP, CALLBACK, LOGIN = "https://app.example/app", "https://app.example/callback", "https://idp.example/login"


def sign_in(app: str = "", login: str = "", callback: str = "", expect: str = "popup.url: callback") -> Case:
    """An app whose popup goes to the provider and comes back to the app's callback page."""
    return only(f"""
        title: t
        hosts: {{app: null, idp: cross-site}}
        pages:
          app: {{{app}}}
          login: {{host: idp, {login}}}
          callback: {{{callback}}}
        flow:
          - open: app
          - {{popup: popup, page: login}}
          - {{navigate: popup, page: callback}}
        expect: {{{expect}}}
    """)


def found(case: Case) -> list[tuple[str, str]]:
    return [(fix.kind, fix.url) for fix in case_false_fixes(case)]


SOAP, SO, COEP = "coop: same-origin-allow-popups", "coop: same-origin", "coep: require-corp"
NOISE = "headers: {Cross-Origin-Opener-Policy-Report-Only: same-origin}"


@pytest.mark.parametrize(
    ("case", "kinds"),
    [
        # The mend itself is no false one.
        (sign_in(SOAP), []),
        (sign_in(SO), []),
        (sign_in(SO, callback=SO), []),
        (sign_in(callback=SOAP), [("allow-popups-elsewhere", CALLBACK)]),
        (sign_in(SO, callback=SOAP), [("allow-popups-elsewhere", CALLBACK)]),
        (sign_in(login=SOAP), [("allow-popups-elsewhere", LOGIN)]),
        (sign_in(SOAP, login=SOAP), [("allow-popups-elsewhere", LOGIN)]),
        (sign_in(SOAP, callback=SOAP), [("allow-popups-everywhere", CALLBACK)]),
        (sign_in(f"{SOAP}, {COEP}"), [("allow-popups-not-isolated", APP)]),
        (sign_in("coop: noopener-allow-popups, coep: credentialless"), [("allow-popups-not-isolated", APP)]),
        (sign_in(SOAP, expect="app.SharedArrayBuffer: true"), [("allow-popups-not-isolated", APP)]),
        (sign_in(f"{SO}, coep: credentialless"), [("credentialless-in-webkit", APP)]),
        (sign_in(f"{SO}, {COEP}"), []),
        (sign_in(f"{SO}, corp: cross-origin", expect="app.crossOriginIsolated: true"), [("corp-for-coep", APP)]),
        # Nobody has asked for isolation here: Helmet sends both by default.
        (sign_in(f"{SO}, corp: same-origin"), []),
        (sign_in(login=NOISE), [("report-only-noise", LOGIN)]),
        (sign_in(NOISE), [("report-only-noise", APP)]),
        # What it reports would not happen.
        (sign_in(login="headers: {Cross-Origin-Opener-Policy-Report-Only: unsafe-none}"), []),
    ],
)
def test_each_false_fix_is_named_with_its_response(case: Case, kinds: list[tuple[str, str]]) -> None:
    assert found(case) == kinds


def test_matching_policies_keep_the_link_whatever_their_value() -> None:
    case = only(f"""
        title: t
        pages: {{app: {{{SOAP}}}, popup: {{{SOAP}}}}}
        flow: [open: app, popup: popup]
        expect: {{popup.opener: preserved}}
    """)
    assert case_false_fixes(case) == ()


EMBEDS = """
    title: t
    hosts: {app: null, cdn: cross-site}
    pages:
      app:
        coop: same-origin
        coep: require-corp
        embed: {own: {iframe: own}, thing: {worker: thing}, foreign: {iframe: foreign}}
      own: {corp: same-origin}
      thing: {fixture: worker, corp: same-origin, coep: "${{ thing }}"}
      foreign: {host: cdn, corp: "${{ foreign }}", embed: {deep: {iframe: deep}}, coep: "${{ foreign.coep }}"}
      deep: {host: cdn, corp: cross-origin}
    matrix:
      thing: [null, require-corp]
      foreign: [same-origin, cross-origin]
      foreign.coep: [null, require-corp]
    flow: [open: app]
    expect: {app.url: app}
"""


def test_corp_is_called_out_where_only_coep_is_lacking() -> None:
    subjects = {case.id.partition("[")[2]: [fix.subject for fix in case_false_fixes(case)] for case in written(EMBEDS)}
    assert subjects == {
        "thing=absent,foreign=same-origin,foreign.coep=absent]": ["app.own", "app.thing"],
        "thing=absent,foreign=same-origin,foreign.coep=require-corp]": ["app.own", "app.thing"],
        "thing=absent,foreign=cross-origin,foreign.coep=absent]": ["app.own", "app.thing", "app.foreign"],
        # Loaded now, and with it what is in it.
        "thing=absent,foreign=cross-origin,foreign.coep=require-corp]": ["app.own", "app.thing", "app.foreign.deep"],
        "thing=require-corp,foreign=same-origin,foreign.coep=absent]": ["app.own"],
        "thing=require-corp,foreign=same-origin,foreign.coep=require-corp]": ["app.own"],
        "thing=require-corp,foreign=cross-origin,foreign.coep=absent]": ["app.own", "app.foreign"],
        "thing=require-corp,foreign=cross-origin,foreign.coep=require-corp]": ["app.own", "app.foreign.deep"],
    }


@pytest.mark.parametrize(
    ("preset", "kinds"),
    [
        ("soap-everywhere[callback.coop=same-origin-allow-popups]", ["allow-popups-everywhere"]),
        ("soap-everywhere[callback.coop=absent]", []),
        ("idp-soap[app.coop=absent,login.coop=same-origin-allow-popups]", ["allow-popups-elsewhere"]),
        ("report-only-noise[app.coop=absent,login.coop=absent]", ["report-only-noise"]),
        ("isolation-baseline[coop=same-origin,coep=credentialless]", ["credentialless-in-webkit"]),
        ("isolation-baseline[coop=same-origin-allow-popups,coep=require-corp]", ["allow-popups-not-isolated"]),
        ("isolation-baseline[coop=same-origin,coep=require-corp]", []),
        ("fixed-with-soap[app.coop=same-origin-allow-popups]", []),
        ("framework-default[framework=django,channel=absent]", []),
        ("idp-same-origin[app.coop=same-origin-allow-popups,channel=absent]", []),
    ],
)
def test_the_presets_that_are_about_one_have_it(preset: str, kinds: list[str]) -> None:
    assert [fix.kind for fix in case_false_fixes(BREAKAGE[f"breakage/{preset}"])] == kinds


@pytest.mark.parametrize(
    ("scenario", "kinds"),
    [
        ("corp-on-a-frame", {"corp-for-coep"}),
        ("credentialless", {"credentialless-in-webkit"}),
        ("report-only", {"report-only-noise"}),
        ("soap-loses-isolation", {"allow-popups-not-isolated"}),
        ("soap-on-the-callback", {"allow-popups-elsewhere"}),
        ("soap-site-wide", {"allow-popups-everywhere"}),
    ],
)
def test_each_scenario_of_the_catalogue_about_one_has_it_and_no_other(scenario: str, kinds: set[str]) -> None:
    prefix = f"breakage/embeds/false-fix-{scenario}["
    told = [case_false_fixes(case) for name, case in BREAKAGE.items() if name.startswith(prefix)]
    assert {fix.kind for fixes in told for fix in fixes} == kinds
    # The broken and the mended cases are without.
    assert () in told


def test_the_sentences_name_both_pages_and_the_mend() -> None:
    (everywhere,) = case_false_fixes(sign_in(SOAP, callback=SOAP))
    assert f"belongs on {APP}, which opens" in everywhere.text
    assert everywhere.instead == f"send no {COOP} on {CALLBACK}"
    (later,) = case_false_fixes(sign_in(SO, callback=SOAP))
    assert f"{CALLBACK} does not keep the link, which is cut before" in later.text
    assert later.instead.endswith(f"same-origin-allow-popups on {APP}, which sends same-origin")
    (first,) = case_false_fixes(sign_in(login=SOAP))
    assert f"{LOGIN} cuts the link" in first.text
    assert first.instead == f"send no {COOP} on {LOGIN}"


def test_a_report_only_header_beside_a_real_cut_points_at_the_cut() -> None:
    (noise,) = case_false_fixes(sign_in(login=NOISE, callback=SO))
    assert noise.title == "not your problem"
    assert noise.instead == f"the link is cut by {CALLBACK}"
    (silent,) = case_false_fixes(sign_in(login=NOISE))
    assert silent.instead.startswith("the link is kept")


def test_two_states_name_only_what_the_change_brought() -> None:
    isolated, allowing = (explain_case(sign_in(app, callback=SOAP)) for app in (f"{SO}, {COEP}", SOAP))
    assert [fix.kind for fix in isolated.false_fixes] == ["allow-popups-elsewhere"]
    # The callback's was there before; that the app is not isolated any more is news, though nothing asks for it now.
    assert [(fix.kind, fix.url) for fix in brought_by(isolated, allowing)] == [
        ("allow-popups-everywhere", CALLBACK),
        ("allow-popups-not-isolated", APP),
    ]
    assert brought_by(allowing, isolated) == (isolated.false_fixes[0],)
    assert brought_by(isolated, isolated) == ()


def test_isolation_that_was_lost_without_such_a_header_is_no_false_fix() -> None:
    isolated, bare = explain_case(sign_in(f"{SO}, {COEP}")), explain_case(sign_in(SO))
    assert brought_by(isolated, bare) == ()


def test_isolation_that_is_lost_beside_coep_is_told_once() -> None:
    isolated, allowing = explain_case(sign_in(f"{SO}, {COEP}")), explain_case(sign_in(f"{SOAP}, {COEP}"))
    assert [fix.kind for fix in brought_by(isolated, allowing)] == ["allow-popups-not-isolated"]


LINK = FalseFix("allow-popups-elsewhere", "popup", LOGIN, "t", "i", "s", opener="app.widget")
PAGE = FalseFix("credentialless-in-webkit", "app", APP, "t", "i", "s", engines=("webkit",))
FRAME = FalseFix("corp-for-coep", "app.frame", APP, "t", "i", "s")


@pytest.mark.parametrize(
    ("subject", "fact", "engine", "kinds"),
    [
        ("popup", "opener", "chromium", [LINK]),
        ("app", "says.signed-in", "firefox", [LINK]),
        ("other", "opener", "chromium", []),
        ("app", "url", "chromium", []),
        ("app", "crossOriginIsolated", "chromium", []),
        ("app", "crossOriginIsolated", "webkit", [PAGE]),
        ("app.frame", "sharedMemory", "webkit", [PAGE]),
        ("app.frame", "load", "webkit", [FRAME]),
        ("app.other", "load", "webkit", []),
    ],
)
def test_an_expectation_gets_those_that_bear_on_it(subject: str, fact: str, engine: str, kinds: list[FalseFix]) -> None:
    assert list(about([LINK, PAGE, FRAME], subject, fact, engine)) == kinds


def test_explain_has_a_paragraph_for_each_kind_of_news() -> None:
    text = "\n".join(lines(explain_case(sign_in(SOAP, login=NOISE, callback=SOAP))))
    assert "\nwhat will not help:\n  same-origin-allow-popups belongs on" in text
    assert f"\n    instead: send no {COOP} on {CALLBACK}\n" in text
    assert '\nnot your problem:\n  "would block the window.closed call"' in text
    assert "will not help" not in "\n".join(lines(explain_case(sign_in(SOAP))))


def test_responses_as_they_were_sent_are_judged_as_well() -> None:
    page = Hop("https://app.example/", Origin("https", "app.example"))
    popup = Hop("https://idp.example/", Origin("https", "idp.example"), 200, ((COOP, "same-origin-allow-popups"),))
    assert [fix.kind for fix in explain_responses([page], [popup]).false_fixes] == ["allow-popups-elsewhere"]
    assert explain_responses([page], [replace(popup, headers=())]).false_fixes == ()
