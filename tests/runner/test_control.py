from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_cases import POPUP, only, written

from isolab.runner.control import ISOLATION_HEADERS, control_case, control_key, required, sends_no_isolation_header
from isolab.scenario.case import Case

HEADERS = [
    "Cross-Origin-Opener-Policy",
    "cross-origin-embedder-policy",
    "CROSS-ORIGIN-RESOURCE-POLICY",
    "Cross-Origin-Opener-Policy-Report-Only",
    "Document-Isolation-Policy",
]


def having(headers: str, expect: str = "popup.opener: preserved", step: str = "popup: popup") -> Case:
    return only(f"""
    title: T
    pages: {{app: {{headers: {{{headers}}}}}, popup: {{}}}}
    flow: [open: app, {step}]
    expect: {{{expect}}}
    """)


@pytest.mark.parametrize("name", HEADERS)
def test_isolation_headers_are_taken_away_in_any_spelling(name: str) -> None:
    one = having(f"{name}: same-origin, X-Other: kept")
    assert not sends_no_isolation_header(one)
    control = control_case(one)
    assert sends_no_isolation_header(control)
    assert control.pages["app"].headers == (("X-Other", "kept"),)


def test_a_case_without_them_is_its_own_control_and_its_sibling_s() -> None:
    plain, severed = written(POPUP)
    assert (sends_no_isolation_header(plain), sends_no_isolation_header(severed)) == (True, False)
    assert control_key(plain, "firefox") == control_key(severed, "firefox")


@pytest.mark.parametrize(
    "other",
    [
        having("X-Other: else"),
        having("X-Other: kept", step="{popup: popup, features: noopener}"),
        having("X-Other: kept", step="{popup: popup, page: app}"),
    ],
)
def test_what_is_served_or_done_otherwise_has_another_control(other: Case) -> None:
    assert control_key(having("X-Other: kept"), "webkit") != control_key(other, "webkit")


def test_the_place_in_the_file_and_checks_that_need_no_control_do_not_matter() -> None:
    one = having("X-Other: kept")
    other = having("X-Other: kept", "app.url: app, popup.opener: severed")
    assert control_key(one, "chromium") == control_key(other, "chromium")


@given(st.sampled_from(sorted(ISOLATION_HEADERS)), st.text(max_size=5))
def test_a_name_that_only_begins_like_one_is_kept(name: str, more: str) -> None:
    one = having("X-Other: kept")
    page = one.pages["app"]
    changed = replace(one, pages={**one.pages, "app": replace(page, headers=((name + more, "x"),))})
    assert sends_no_isolation_header(changed) == (bool(more) and (name + more).lower() not in ISOLATION_HEADERS)


@pytest.mark.parametrize(
    ("observed", "wanted"),
    [
        ("severed", "preserved"),
        ("not-loaded", "preserved"),
        ("preserved", None),
        ("noopener", None),
        ("not seen", None),
    ],
)
def test_only_what_is_missing_needs_a_control(observed: str, wanted: str | None) -> None:
    (check,) = having("X: y").checks
    assert required(check, observed) == wanted


def test_a_sibling_that_is_not_looked_at_in_an_engine_is_no_control_there() -> None:
    plain, severed = written("""
    title: T
    pages: {app: {coop: "${{ coop }}"}, popup: {}}
    matrix: {coop: [absent, same-origin]}
    flow: [open: app, popup: popup]
    expect:
      - {when: {coop: absent, engine: firefox}, popup.opener: preserved}
      - {when: {coop: same-origin}, popup.opener: severed}
    """)
    assert control_key(plain, "firefox") == control_key(severed, "firefox")
    assert control_key(plain, "chromium") != control_key(severed, "chromium")


def test_a_control_expects_what_it_has_to_show() -> None:
    _, severed = written(POPUP)
    assert [check.expected for check in severed.checks if check.fact == "opener"] == ["severed"]
    (check,) = control_case(severed).checks
    assert check.expected == "preserved"


def test_what_the_provider_answers_makes_another_control() -> None:
    text = """
        title: Sign-in
        hosts: {app: null, idp: cross-site}
        provider: {signed_in: %s, clients: {spa: {redirect_uris: ["${{ url.callback }}"]}}}
        pages: {app: {signin: {}}, callback: {}}
        flow: [open: app, {click: "#sign-in", opens: popup, loads: login}]
        expect: {popup.opener: preserved}
    """
    one, same, other = (only(text % signed_in) for signed_in in ("true", "true", "false"))
    assert control_key(one, "chromium") == control_key(same, "chromium") != control_key(other, "chromium")
