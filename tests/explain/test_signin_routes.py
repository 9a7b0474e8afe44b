"""The way of a window through the pages of a provider, as the rules are given it without a browser."""

from __future__ import annotations

import pytest
from written_cases import only

from isolab.explain.explain import explain_case
from isolab.scenario.case import Case
from isolab.scenario.responses import opens_at, page_of, route, shows_first


def case(more: str = "") -> Case:
    return only(f"""
    title: Sign-in
    hosts: {{app: null, idp: cross-site, broker: cross-site}}
    provider: {{clients: {{spa: {{redirect_uris: ["${{{{ url.callback }}}}"]}}}}}}
    pages:
      app: {{signin: {{to: start}}}}
      start: {{host: broker, redirect: authorize, keep_query: true}}
      login: {{endpoint: login, coop: same-origin}}
      hop: {{host: broker, fixture: signin-hop, with: {{to: "${{{{ url.last }}}}"}}}}
      last: {{fixture: signin-hop, with: {{to: "https://elsewhere.example/"}}}}
      callback: {{}}
      {more}
    flow: [open: app]
    expect: {{app.url: app}}
    """)


def names(found: tuple[tuple[object, ...], ...]) -> list[list[str]]:
    return [[f"{hop.url.rpartition('/')[2]} {hop.status}" for hop in hops] for hops in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("first", "last", "way"),
    [
        ("start", "login", [["start 302", "authorize 303", "login 200"]]),
        ("start", "consent", [["start 302", "authorize 303", "consent 200"]]),
        ("login", "consent", [["login 303", "consent 200"]]),
        ("consent", "callback", [["consent 303", "finish 303", "callback 200"]]),
        ("start", "callback", [["start 302", "authorize 303", "finish 303", "callback 200"]]),
        ("consent", "finish", [["consent 303", "finish 200"]]),
        ("hop", "last", [["hop 200"], ["last 200"]]),
        ("app", "login", [["authorize 303", "login 200"]]),
        ("last", "login", [["authorize 303", "login 200"]]),
        ("jwks", "login", [["authorize 303", "login 200"]]),
        ("app", "authorize", [["authorize 200"]]),
        ("app", "callback", [["callback 200"]]),
        ("login", "login", [["login 200"]]),
    ],
)
def test_a_window_passes_what_lies_between(first: str, last: str, way: list[list[str]]) -> None:
    assert names(route(case(), first, last)) == way


def test_a_page_in_between_is_passed_as_well() -> None:
    more = "authorize: {endpoint: authorize, next: gate}\n      gate: {host: broker, redirect: login, keep_query: true}"
    assert names(route(case(more), "start", "login")) == [["start 302", "authorize 303", "gate 302", "login 200"]]


def test_pages_that_lead_to_each_other_lead_nowhere() -> None:
    hop = "{{fixture: signin-hop, with: {{to: '${{{{ url.{0} }}}}'}}}}"
    more = f"ping: {hop.format('pong')}\n      pong: {hop.format('ping')}"
    assert names(route(case(more), "ping", "callback")) == [["callback 200"]]


def test_the_button_of_a_page_opens_its_window_where_the_scenario_says() -> None:
    found = case()
    assert opens_at(found.pages["app"]) == "start"
    assert opens_at(found.pages["callback"]) is None
    assert opens_at(found.pages["login"]) is None
    first = case("okta: {signin: {preset: okta, open: {page: waiting}}}\n      waiting: {}")
    assert (opens_at(first.pages["okta"]), shows_first(first.pages["okta"])) == ("authorize", "waiting")
    direct = case("direct: {signin: {open: {page: waiting}}}\n      waiting: {}")
    assert (opens_at(direct.pages["direct"]), shows_first(direct.pages["direct"])) == ("authorize", None)
    assert page_of("https://a.example/") is None


def popup(flow: str, app: str, more: str = "") -> list[str]:
    """The responses by which `isolab explain` has the popup come."""
    found = only(f"""
    title: Sign-in
    hosts: {{app: null, idp: cross-site}}
    provider: {{clients: {{spa: {{redirect_uris: ["${{{{ url.callback }}}}"]}}}}}}
    pages: {{app: {app}, waiting: {{}}, callback: {{}}{more}}}
    flow: [{{open: app}}, {flow}]
    expect: {{popup.opener: preserved}}
    """)
    (link,) = explain_case(found).links
    return [f"{hop.url.rpartition('/')[2]} {hop.status}" for hop in link.hops]


@pytest.mark.parametrize(
    ("flow", "app", "way"),
    [
        # A library's page says nowhere what it opens; the provider's pages have one door.
        ('{click: "#x", opens: popup, loads: login}', "{html: hi}", ["authorize 303", "login 200"]),
        ("{popup: popup, page: login, by: self}", "{html: hi}", ["authorize 303", "login 200"]),
        # Here the step itself says where the window goes.
        ("{popup: popup, page: login}", "{html: hi}", ["login 200"]),
        ("{popup: popup, page: callback}, {navigate: popup, page: login}", "{html: hi}", ["callback 200", "login 200"]),
        (
            '{click: "#x", opens: popup, loads: waiting}, {wait: popup, page: login}',
            "{signin: {preset: okta, open: {page: waiting}}}",
            ["waiting 200", "authorize 303", "login 200"],
        ),
        # It shows also where no step says so.
        (
            '{click: "#x", opens: popup, loads: login}',
            "{signin: {preset: okta, open: {page: waiting}}}",
            ["waiting 200", "authorize 303", "login 200"],
        ),
        (
            '{click: "#x", opens: popup, loads: waiting}, {wait: popup, page: login}',
            "{signin: {preset: okta, to: callback, open: {page: waiting}}}",
            ["waiting 200", "authorize 303", "login 200"],
        ),
    ],
)
def test_a_popup_comes_by_the_door_of_the_provider_unless_a_step_sends_it(flow: str, app: str, way: list[str]) -> None:
    assert popup(flow, app) == way


def test_what_the_provider_puts_in_between_is_passed_after_a_page_of_ones_own_as_well() -> None:
    hop = 'hop: {host: idp, fixture: signin-hop, with: {to: "${{ url.login }}", by: replace}}'
    more = f", {hop}, authorize: {{endpoint: authorize, next: hop}}"
    flow = '{click: "#x", opens: popup, loads: waiting}, {wait: popup, page: login}'
    way = popup(flow, "{signin: {preset: okta, open: {page: waiting}}}", more)
    assert way == ["waiting 200", "authorize 303", "hop 200", "login 200"]
