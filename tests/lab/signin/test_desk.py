from __future__ import annotations

import json

import pytest
from signing_in import CALLBACK, ISSUER, World, data, scenario

from isolab.lab.signin.message import Asked, Sent, Shown, Told
from isolab.scenario.case import Endpoint

RESPONSE_TYPES = ["code", "code id_token", "code id_token token", "code token", "id_token", "id_token token", "token"]


def test_metadata_name_every_endpoint_where_it_is() -> None:
    world = World(scenario(pages="token: {endpoint: token, path: /oauth/token}"))
    answer = world.ask(f"{ISSUER}/.well-known/openid-configuration")
    assert isinstance(answer, Told)
    told = data(answer)
    assert told["issuer"] == ISSUER
    assert {name: told[name] for name in told if name.endswith(("_endpoint", "jwks_uri"))} == {
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/oauth/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "end_session_endpoint": f"{ISSUER}/end-session",
        "jwks_uri": f"{ISSUER}/jwks.json",
    }


def test_what_metadata_promise_is_kept() -> None:
    world = World()
    answer = world.ask(f"{ISSUER}/.well-known/openid-configuration")
    assert isinstance(answer, Told)
    promised = data(answer)["response_types_supported"]
    assert isinstance(promised, list)
    # OpenID Connect Core, 3: those of the code, the implicit and the hybrid flow; and OAuth's own `token`.
    assert sorted(" ".join(sorted(one.split())) for one in promised) == RESPONSE_TYPES
    for response_type in promised:
        assert world.sign_in(response_type=response_type, nonce="n")["state"] == "st4te"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks.json", "/token", "/userinfo"])
def test_scripts_of_any_origin_may_read_what_is_fetched(path: str) -> None:
    assert ("Access-Control-Allow-Origin", "*") in World().ask(ISSUER + path).headers


def test_a_browser_that_asks_whether_it_may_send_a_token_may() -> None:
    world = World()
    answer = world.desk.answer(Endpoint("userinfo"), Asked("OPTIONS", f"{ISSUER}/userinfo"))
    assert isinstance(answer, Told)
    assert (answer.status, answer.data) == (204, None)
    assert "Authorization" in dict(answer.headers)["Access-Control-Allow-Headers"]


def test_a_form_carries_the_answer() -> None:
    world = World()
    page = world.press(world.authorize(response_mode="form_post"), cancel="yes")
    assert isinstance(page, Shown)
    assert (page.fixture, page.options["action"]) == ("_provider-form-post", CALLBACK)
    assert json.loads(str(page.options["params"]))["error"] == "access_denied"


@pytest.mark.parametrize("mode", ["web_message", "okta_post_message"])
def test_a_message_carries_the_answer_to_the_origin_of_the_redirect_uri(mode: str) -> None:
    world = World()
    page = world.press(world.authorize(response_mode=mode), cancel="yes")
    assert isinstance(page, Shown)
    assert (page.fixture, page.options["origin"]) == ("_provider-message", "https://app.example")
    message = json.loads(str(page.options["message"]))
    if mode == "web_message":
        assert message["type"] == "authorization_response"
        message = message["response"]
    assert (message["error"], message["state"]) == ("access_denied", "st4te")


# --- userinfo --------------------------------------------------------------------------------------------------------


def token(world: World, scope: str = "openid email") -> str:
    return str(data(world.exchange(code=world.sign_in(scope=scope)["code"]))["access_token"])


def test_userinfo_tells_what_the_scopes_say() -> None:
    world = World()
    answer = world.ask(f"{ISSUER}/userinfo", authorization=f"Bearer {token(world)}")
    assert isinstance(answer, Told)
    assert data(answer) == {"sub": "alice", "email": "alice@people.example", "email_verified": True}
    assert world.ask(f"{ISSUER}/userinfo", {"access_token": token(world)}) == answer


def test_userinfo_without_a_token_asks_for_one_and_names_no_error() -> None:
    answer = World().ask(f"{ISSUER}/userinfo")
    assert isinstance(answer, Told)
    assert (answer.status, dict(answer.headers)["WWW-Authenticate"]) == (401, 'Bearer realm="isolab"')


@pytest.mark.parametrize(
    ("scope", "later_s", "spoiled", "status", "error"),
    [
        ("openid", 0, "x", 401, "invalid_token"),
        ("openid", 3600, "", 401, "invalid_token"),
        ("email", 0, "", 403, "insufficient_scope"),
    ],
)
def test_userinfo_refuses_with_the_error_that_the_specification_names(
    scope: str, later_s: int, spoiled: str, status: int, error: str
) -> None:
    world = World()
    bearer = f"Bearer {token(world, scope)}{spoiled}"
    world.now += later_s
    answer = world.ask(f"{ISSUER}/userinfo", authorization=bearer)
    assert isinstance(answer, Told)
    assert answer.status == status
    assert f'error="{error}"' in dict(answer.headers)["WWW-Authenticate"]


def test_userinfo_takes_a_token_in_one_way_only() -> None:
    world = World()
    bearer = token(world)
    answer = world.ask(f"{ISSUER}/userinfo", {"access_token": bearer}, authorization=f"Bearer {bearer}")
    assert isinstance(answer, Told)
    assert answer.status == 400
    assert 'error="invalid_request"' in dict(answer.headers)["WWW-Authenticate"]


# --- signing out -----------------------------------------------------------------------------------------------------


def test_who_signs_out_is_asked_again() -> None:
    world = World()
    id_token = str(data(world.exchange(code=world.sign_in()["code"]))["id_token"])
    url = f"{ISSUER}/end-session?id_token_hint={id_token}&post_logout_redirect_uri=https://app.example/app&state=s"
    answer = world.ask(url)
    assert isinstance(answer, Sent)
    assert answer.url == "https://app.example/app?state=s"
    page = world.authorize()
    assert isinstance(page, Shown)
    assert page.fixture == "_provider-login"


def test_a_standing_session_ends_as_well() -> None:
    world = World(scenario("signed_in: true"))
    page = world.ask(f"{ISSUER}/end-session")
    assert isinstance(page, Shown)
    assert page.fixture == "_provider-signed-out"
    login = world.authorize()
    assert isinstance(login, Shown)
    assert login.fixture == "_provider-login"


@pytest.mark.parametrize(
    "query",
    [
        "post_logout_redirect_uri=https://app.example/app",
        "client_id=spa&post_logout_redirect_uri=https://evil.example/",
        "client_id=stranger&post_logout_redirect_uri=https://app.example/app",
        "id_token_hint=a.b.c",
    ],
)
def test_nobody_is_sent_where_the_client_has_not_said(query: str) -> None:
    page = World().ask(f"{ISSUER}/end-session?{query}")
    assert isinstance(page, Shown)
    assert (page.fixture, page.status, page.options["error"]) == ("_provider-error", 400, "invalid_request")


def test_a_hint_that_was_made_for_another_client_is_refused() -> None:
    world = World()
    id_token = str(data(world.exchange(code=world.sign_in()["code"]))["id_token"])
    page = world.ask(f"{ISSUER}/end-session?id_token_hint={id_token}&client_id=server")
    assert isinstance(page, Shown)
    assert page.fixture == "_provider-error"
