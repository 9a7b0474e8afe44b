from __future__ import annotations

import base64

import pytest
from signing_in import ISSUER, VERIFIER, World, data

from isolab.lab.signin.ledger import CODE_S
from isolab.lab.signin.message import Told

BASIC = "Basic " + base64.b64encode(b"server:s3cret").decode()
SERVER: dict[str, str | None] = {"client_id": None, "code_verifier": None}


def test_a_code_is_exchanged_once_and_what_came_of_it_ends_when_it_comes_again() -> None:
    world = World()
    code = world.sign_in()["code"]
    first = world.exchange(code=code)
    assert set(data(first)) == {"access_token", "token_type", "expires_in", "scope", "id_token"}
    assert dict(first.headers) == {
        "Cache-Control": "no-store",
        "Pragma": "no-cache",
        "Access-Control-Allow-Origin": "*",
    }
    bearer = f"Bearer {data(first)['access_token']}"
    assert world.ask(f"{ISSUER}/userinfo", authorization=bearer).status == 200
    again = world.exchange(code=code)
    assert (again.status, data(again)["error"]) == (400, "invalid_grant")
    assert world.ask(f"{ISSUER}/userinfo", authorization=bearer).status == 401


@pytest.mark.parametrize(
    ("params", "status", "error"),
    [
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": None}, 400, "invalid_request"),
        ({"code": "guessed"}, 400, "invalid_grant"),
        ({"redirect_uri": "https://app.example/"}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_grant"),
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_grant"),
        ({"code_verifier": "ü" * 43}, 400, "invalid_grant"),
        ({"client_id": "stranger"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"client_id": "server", "client_secret": "s3cret"}, 400, "invalid_grant"),
        ({"client_id": "server", "client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "server"}, 401, "invalid_client"),
    ],
)
def test_a_wrong_request_has_the_error_that_the_specification_names(
    params: dict[str, str | None], status: int, error: str
) -> None:
    world = World()
    answer = world.exchange(**{"code": world.sign_in()["code"], **params})
    assert (answer.status, data(answer)["error"]) == (status, error)


def test_a_wrong_verifier_has_used_the_code_up() -> None:
    world = World()
    code = world.sign_in()["code"]
    world.exchange(code=code, code_verifier="w" * 43)
    assert data(world.exchange(code=code))["error"] == "invalid_grant"


def test_a_code_ends() -> None:
    world = World()
    code = world.sign_in()["code"]
    world.now += CODE_S
    assert data(world.exchange(code=code))["error_description"] == "the code has expired"


def test_a_client_with_a_secret_may_send_it_in_a_header_and_needs_no_challenge() -> None:
    world = World()
    code = world.sign_in(client_id="server", code_challenge=None, code_challenge_method=None)["code"]
    downgraded = world.exchange(basic=BASIC, code=code, client_id=None)
    assert data(downgraded)["error"] == "invalid_grant"
    code = world.sign_in(client_id="server", code_challenge=None, code_challenge_method=None)["code"]
    assert world.exchange(basic=BASIC, code=code, **SERVER).status == 200


def _for_server(world: World) -> str:
    return world.sign_in(client_id="server", code_challenge=None, code_challenge_method=None)["code"]


@pytest.mark.parametrize("also", [{"client_secret": "s3cret"}, {"client_secret": "no"}, {"client_id": "spa"}])
def test_a_client_says_in_one_way_who_it_is(also: dict[str, str | None]) -> None:
    world = World()
    answer = world.exchange(basic=BASIC, code=_for_server(world), **{**SERVER, **also})
    assert (answer.status, data(answer)["error"]) == (400, "invalid_request")


def test_a_client_that_has_said_its_name_in_a_header_may_repeat_it() -> None:
    world = World()
    assert world.exchange(basic=BASIC, code=_for_server(world), **{**SERVER, "client_id": "server"}).status == 200


@pytest.mark.parametrize("header", ["Basic " + base64.b64encode(b"server:no").decode(), "Basic %%", "Basic "])
def test_a_wrong_secret_in_a_header_is_asked_for_again(header: str) -> None:
    answer = World().exchange(basic=header, code="x", **SERVER)
    assert (answer.status, data(answer)["error"]) == (401, "invalid_client")
    assert ("WWW-Authenticate", 'Basic realm="isolab"') in answer.headers


def test_a_plain_challenge_is_the_verifier_itself() -> None:
    world = World()
    code = world.sign_in(code_challenge=VERIFIER, code_challenge_method=None)["code"]
    assert world.exchange(code=code).status == 200


def test_a_refresh_token_is_good_for_one_use() -> None:
    world = World()
    first = data(world.exchange(code=world.sign_in(scope="openid offline_access")["code"]))
    wanted: dict[str, str | None] = {"grant_type": "refresh_token", "redirect_uri": None, "code_verifier": None}
    second = data(world.exchange(**wanted, refresh_token=str(first["refresh_token"])))
    assert second["refresh_token"] != first["refresh_token"]
    more = world.exchange(**wanted, refresh_token=str(second["refresh_token"]), scope="openid email")
    assert data(more)["error"] == "invalid_scope"
    assert data(world.exchange(**wanted))["error"] == "invalid_request"
    stranger = world.exchange(**{**wanted, "client_id": "server"}, client_secret="s3cret", refresh_token="x")
    assert data(stranger)["error"] == "invalid_grant"


def test_a_refresh_token_that_comes_again_ends_the_one_that_took_its_place() -> None:
    world = World()
    first = data(world.exchange(code=world.sign_in(scope="openid offline_access")["code"]))
    wanted: dict[str, str | None] = {"grant_type": "refresh_token", "redirect_uri": None, "code_verifier": None}
    second = data(world.exchange(**wanted, refresh_token=str(first["refresh_token"])))
    assert data(world.exchange(**wanted, refresh_token=str(first["refresh_token"])))["error"] == "invalid_grant"
    assert data(world.exchange(**wanted, refresh_token=str(second["refresh_token"])))["error"] == "invalid_grant"
    assert world.ask(f"{ISSUER}/userinfo", authorization=f"Bearer {second['access_token']}").status == 401


def test_only_what_is_posted_counts() -> None:
    answer = World().ask(f"{ISSUER}/token?grant_type=authorization_code")
    assert isinstance(answer, Told)
    assert (answer.status, dict(answer.headers)["Allow"]) == (405, "POST")
