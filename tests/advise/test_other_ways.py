from __future__ import annotations

import json
from typing import Any

import pytest
from advised import CALLBACK, LIBRARY, inquiry
from written_cases import only

from isolab.advise.own import own_pages
from isolab.advise.stance import NOTHING, STANCES
from isolab.advise.ways.apart import on_a_page_of_its_own
from isolab.advise.ways.build import other_ways
from isolab.advise.ways.channel import over_a_channel
from isolab.advise.ways.redirect import by_redirect
from isolab.advise.ways.way import CannotBuild, Way
from isolab.scenario.case import Case, Click, Fixture, Navigate, Open, Wait

STRICT = STANCES[0]


def ways(text: str, wish: str = "isolated-popup") -> dict[str, Way]:
    found = inquiry(text, wish)
    return {way.name: way for way in other_ways(found.given, found.goal.own, found.goal.success, found.goal.wish)}


def options(case: Case, page: str) -> dict[str, Any]:
    body = case.pages[page].body
    assert isinstance(body, Fixture)
    return {**body.options, **json.loads(str(body.options.get("plan", "{}")))}


def loads(case: Case) -> list[tuple[str, str | None]]:
    return [(step.window, step.loads) for step in case.steps if isinstance(step, Click)]


def test_fixtures_pass_the_token_over_a_channel() -> None:
    given = inquiry(CALLBACK).given
    built = over_a_channel(given, own_pages(given), STRICT)
    assert options(built.case, "app")["channel"] == options(built.case, "callback")["channel"] == "sign-in"
    assert built.stances == {"app": STRICT, "callback": STRICT}


def test_a_provider_that_answered_its_opener_returns_to_a_callback_page_then() -> None:
    given = inquiry(CALLBACK.replace(', with: {return: "${{ url.callback }}"}', "").replace(
        "loads: callback}", "loads: login}"
    )).given  # fmt: skip
    assert own_pages(given).others == ()
    built = over_a_channel(given, own_pages(given), STRICT)
    # The page of that name is there already, and in nobody's way.
    assert list(built.stances) == ["app", "callback-2"]
    assert options(built.case, "login")["return"] == "${{ url.callback-2 }}"
    assert built.case.pages["callback-2"].url == "https://app.example/callback-2"
    assert loads(built.case) == [("app", "login"), ("popup", "callback-2")]


def test_a_library_listens_on_a_channel_and_does_not_look_at_its_popup_any_more() -> None:
    given = inquiry(LIBRARY).given
    case = over_a_channel(given, own_pages(given), STRICT).case
    app, callback = options(case, "app"), options(case, "callback")
    assert (app["channels"], app["watch"], app["close"]) == ({"broadcast": "sign-in:{state}"}, {}, False)
    assert callback["steps"] == {"broadcast": "sign-in:{state}", "close": True}
    assert app["response_mode"] == "fragment"
    assert case.provider == given.provider


AUTH0 = LIBRARY.replace("preset: msal-4}}\n      callback: {returns: {preset: msal-4}}", "preset: auth0}}").replace(
    "url.callback", "url.app"
).replace("loads: callback", "loads: finish")  # fmt: skip


def test_a_library_without_a_callback_page_gets_one_that_its_provider_knows() -> None:
    given = inquiry(AUTH0).given
    built = over_a_channel(given, own_pages(given), STRICT)
    assert list(built.stances) == ["app", "callback"]
    assert built.case.provider is not None
    assert built.case.provider.clients[0].redirect_uris == ("${{ url.app }}", "${{ url.callback }}")
    app = options(built.case, "app")
    assert (app["callback"], app["response_mode"]) == ("${{ url.callback }}", None)
    assert loads(built.case)[-1] == ("popup", "callback")


def test_a_redirect_happens_in_one_window_and_comes_back_to_the_app() -> None:
    given = inquiry(LIBRARY).given
    built = by_redirect(given, own_pages(given), STRICT)
    assert loads(built.case) == [("app", "login"), ("app", "consent"), ("app", "app")]
    assert not any(isinstance(step, Click) and step.opens for step in built.case.steps)
    app = options(built.case, "app")
    assert (app["open"]["way"], app["callback"]) == ("redirect", "${{ url.app }}")
    assert built.case.provider is not None
    assert "${{ url.app }}" in built.case.provider.clients[0].redirect_uris
    assert built.stances == {"app": STRICT}


def test_fixtures_redirect_as_well() -> None:
    given = inquiry(CALLBACK).given
    case = by_redirect(given, own_pages(given), STRICT).case
    assert (options(case, "app")["mode"], options(case, "login")["return"]) == ("redirect", "${{ url.app }}")
    # The word `popup` will not be said.
    assert [type(step) for step in case.steps] == [Open, Click, Click]


def test_a_page_of_its_own_opens_the_popup_and_leads_back_to_the_isolated_page() -> None:
    found = inquiry(CALLBACK)
    own = own_pages(found.given)
    built = on_a_page_of_its_own(found.given, own, found.goal.success, STRICT, STANCES[3])
    assert built.stances == {"sign-in": STANCES[3], "app": STRICT, "callback": NOTHING}
    steps = built.case.steps
    assert isinstance(steps[0], Open)
    assert steps[0].page == "sign-in"
    assert [(type(step), step.window) for step in steps[-2:]] == [(Wait, "app"), (Navigate, "app")]
    assert built.case.pages["sign-in"].body == found.given.pages["app"].body
    assert built.case.pages["app"].body == Fixture("page")


def test_all_ways_are_built_where_the_scenario_has_what_they_need() -> None:
    for text in (CALLBACK, LIBRARY, AUTH0):
        built = ways(text)
        assert list(built) == ["broadcast-channel", "redirect", "own-page"]
        assert [len(way.rebuilt) for way in built.values()] == [1, 1, 2]


def test_what_cannot_be_built_says_why() -> None:
    html = CALLBACK.replace('{fixture: signin-app, with: {provider: "${{ url.login }}"}', "{html: <p>, with: {a: b}")
    told = {name: way.untested for name, way in ways(html).items()}
    assert told["broadcast-channel"].startswith("its pages are HTML of their own")
    assert told["redirect"].startswith("its pages are HTML of their own")
    assert told["own-page"] == ""


def test_a_provider_that_answers_its_opener_by_itself_leads_nowhere() -> None:
    case = only("""
        title: t
        hosts: {app: null, pay: cross-site}
        pages:
          app: {signin: {preset: paypal, to: checkout}}
          checkout: {host: pay, path: "/checkout?token=paid", returns: {preset: paypal, close: false}}
        flow: [open: app, {click: "#sign-in", opens: popup, loads: checkout}]
        expect: {app.says.signed-in: paid}
    """)
    for build in (over_a_channel, by_redirect):
        with pytest.raises(CannotBuild, match="its provider has no redirect back to a page of the app"):
            build(case, own_pages(case), STRICT)


def test_a_popup_in_which_nobody_clicks_cannot_be_led_elsewhere() -> None:
    text = LIBRARY.replace('      - {click: "#sign-in", in: popup, loads: consent}\n', "")
    case = only(text.replace('      - {click: "#allow", in: popup, loads: callback}\n', ""))
    with pytest.raises(CannotBuild, match="nobody clicks anything in its popup"):
        over_a_channel(case, own_pages(case), STRICT)


def test_without_isolation_the_ways_send_the_strictest_that_blocks_nothing() -> None:
    (rebuilt,) = ways(CALLBACK, "strictest-popup")["broadcast-channel"].rebuilt
    assert {str(stance) for stance in rebuilt.stances.values()} == {"same-origin"}


def test_a_flow_without_a_popup_needs_no_other_way() -> None:
    text = """
        title: t
        pages: {app: {html: "<script>isolab.say('signed-in', 'x')</script>"}}
        flow: [open: app]
        expect: {app.says.signed-in: x}
    """
    assert ways(text) == {}
