from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scenario_loading import load_text

from isolab.scenario.case import Case, Fixture
from isolab.scenario.problem import ScenarioErrors
from isolab.scenario.signin_plan import OPENER, RETURN

TEXT = """
title: Sign-in
hosts: {app: null, idp: cross-site}
%s
pages:
  app: {signin: %s}
  callback: {returns: %s}
  login: {host: idp, html: hi}
flow: [open: app]
expect: {app.url: app}
"""
PROVIDER = 'provider: {clients: {spa: {redirect_uris: ["${{ url.callback }}"]}}}'


def case(folder: Path, signin: str = "{}", returns: str = "{}", provider: str = "") -> Case:
    text = TEXT % (provider, signin, returns)
    if provider:
        text = text.replace("  login: {host: idp, html: hi}\n", "")
    (found,) = load_text(folder, text)
    return found


def plan(found: Case, page: str, fixture: str) -> dict[str, Any]:
    body = found.pages[page].body
    assert isinstance(body, Fixture)
    assert body.name == fixture
    data: dict[str, Any] = json.loads(str(body.options["plan"]))
    return data


def test_without_a_provider_the_window_goes_to_a_page(tmp_path: Path) -> None:
    found = plan(case(tmp_path, "{to: login}"), "app", OPENER)
    assert (found["client"], found["to"], found["token"]) == (None, "${{ url.login }}", None)
    assert found["open"] == {
        "way": "direct",
        "by": "assign",
        "target": "_blank",
        "features": "popup,width=480,height=640",
    }
    assert (found["watch"], found["channels"], found["errors"], found["speed"]) == ({}, {}, {}, 1.0)


def test_with_a_provider_its_first_client_asks(tmp_path: Path) -> None:
    found = plan(case(tmp_path, provider=PROVIDER), "app", OPENER)
    wanted = {name: found[name] for name in ("client", "to", "callback", "token", "userinfo", "response_type")}
    assert wanted == {
        "client": "spa",
        "to": "${{ url.authorize }}",
        "callback": "${{ url.callback }}",
        "token": "${{ url.token }}",
        "userinfo": "${{ url.userinfo }}",
        "response_type": "code",
    }


def test_a_preset_fills_in_what_the_file_leaves_open_down_to_single_values(tmp_path: Path) -> None:
    form = "{preset: firebase, to: login, watch: {closed: {grace: 100}}, errors: {timeout: late}, close: false}"
    found = plan(case(tmp_path, form), "app", OPENER)
    assert found["watch"]["closed"] == {"every": 2000, "grace": 100, "of": "window", "first": True}
    assert found["errors"] == {
        "closed": "auth/popup-closed-by-user",
        "blocked": "auth/popup-blocked",
        "timeout": "late",
    }
    assert (found["open"]["target"], found["close"]) == ("random", False)


@pytest.mark.parametrize(
    ("origin", "stands_for"),
    [("self", "${{ origin.app }}"), ("idp", "${{ origin.idp }}"), ("provider", "${{ origin.idp }}")],
)
def test_messages_may_have_to_come_from_an_origin(tmp_path: Path, origin: str, stands_for: str) -> None:
    found = plan(case(tmp_path, f"{{to: login, watch: {{message: {{origin: {origin}}}}}}}"), "app", OPENER)
    assert found["watch"]["message"] == {"origin": stands_for, "source": False, "state": False}


def test_what_comes_back_may_go_two_ways(tmp_path: Path) -> None:
    found = plan(case(tmp_path, "{to: login}", "{preset: oidc-client}"), "callback", RETURN)
    assert found == {
        "gate": "opener",
        "as": "url",
        "steps": {"post": "self", "close": True},
        "otherwise": {"broadcast": "oidc-client-popup-{state}", "close": True},
    }


def test_an_answer_may_be_posted_to_a_host(tmp_path: Path) -> None:
    found = plan(case(tmp_path, "{to: login}", "{post: idp, otherwise: {post: app}}"), "callback", RETURN)
    assert (found["steps"]["post"], found["otherwise"]["post"]) == ("${{ origin.idp }}", "${{ origin.app }}")


@pytest.mark.parametrize(
    ("signin", "returns", "message"),
    [
        ("{}", "{}", "page `app` signs in nowhere"),
        ("{to: nowhere}", "{}", "there is no page `nowhere`"),
        ("{to: login, client: spa}", "{}", "a client needs a provider"),
        ("{to: login, preset: msal}", "{}", "there is no preset `msal`"),
        ("{to: login}", "{preset: auth0}", "there is no preset `auth0`"),
        ("{to: login, open: {way: waitpage}}", "{}", "a window that shows a page of its own first needs that page"),
        ("{to: login, open: {way: sideways}}", "{}", "`way` cannot be `sideways`"),
        ("{to: login, watch: {closed: {every: -1}}}", "{}", "-1 milliseconds are out of range"),
        ("{to: login, watch: {message: {origin: nobody}}}", "{}", "there is no host `nobody`"),
        ("{to: login, speed: 0.0}", "{}", "the speed 0 is out of range"),
        ("{to: login, relay: gone}", "{}", "there is no page `gone`"),
        ("{to: login}", "{post: nobody}", "there is no host `nobody`"),
        ("{to: login}", "{gate: window}", "`gate` cannot be `window`"),
    ],
)
def test_mistakes_have_a_message_with_their_place(tmp_path: Path, signin: str, returns: str, message: str) -> None:
    with pytest.raises(ScenarioErrors, match="error: ") as caught:
        case(tmp_path, signin, returns)
    (problem,) = caught.value.problems
    assert problem.message == message
    assert problem.span is not None
    assert problem.span.line in (6, 7)


@pytest.mark.parametrize("returns", ["{close: true, post: nobody}", "{close: true, otherwise: {post: nobody}}"])
def test_the_caret_stands_under_the_host_that_is_not_there(tmp_path: Path, returns: str) -> None:
    with pytest.raises(ScenarioErrors, match="no host `nobody`") as caught:
        case(tmp_path, "{to: login}", returns)
    *_, line, caret = str(caught.value.problems[0]).splitlines()
    assert caret.find("^") == line.find("nobody")


def test_a_client_that_the_provider_does_not_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioErrors, match="there is no client `sap`") as caught:
        load_text(tmp_path, (TEXT % (PROVIDER, "{client: sap}", "{}")).replace("  login: {host: idp, html: hi}\n", ""))
    assert "did you mean `spa`?" in str(caught.value)


def test_a_preset_may_come_from_the_matrix(tmp_path: Path) -> None:
    text = (TEXT % (PROVIDER, "{preset: '${{ sdk }}'}", "{preset: '${{ sdk }}'}")).replace(
        "  login: {host: idp, html: hi}\n", ""
    )
    cases = load_text(tmp_path, text + "matrix: {sdk: [msal-2, msal-5]}\n")
    assert [plan(c, "callback", RETURN)["gate"] for c in cases] == ["opener", None]
    with pytest.raises(ScenarioErrors, match="there is no preset `msal-9`"):
        load_text(tmp_path, text + "matrix: {sdk: [msal-2, msal-9]}\n")
