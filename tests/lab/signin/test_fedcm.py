"""What a browser is answered that mediates a sign-in, by the FedCM draft; the browser is played here."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from signing_in import CALLBACK, ISSUER, World, data, scenario, signing_key

from isolab.lab.signin.message import Shown, Told

BROWSER = {"sec_fetch_dest": "webidentity"}
APP = "https://app.example"


@pytest.fixture
def world() -> World:
    return World(scenario("fedcm: true"))


def asked(world: World, endpoint: str, form: dict[str, str] | None = None, **headers: str) -> Told:
    answer = world.ask(f"{ISSUER}/{endpoint}", form, **{**BROWSER, **headers})
    assert isinstance(answer, Told)
    return answer


def signed_in(world: World, person: str = "alice") -> None:
    page = world.ask(f"{ISSUER}/fedcm-login", {"person": person})
    assert isinstance(page, Shown)
    assert ("Set-Login", "logged-in") in page.headers
    assert page.options == {"person": person}


def assertion(world: World, *, origin: str = APP, **params: str) -> Told:
    form = {"client_id": "spa", "account_id": "alice", "params": '{"nonce": "n0nce"}', **params}
    return asked(world, "fedcm-assertion", form, origin=origin)


def approved(world: World) -> object:
    accounts = data(asked(world, "fedcm-accounts"))["accounts"]
    assert isinstance(accounts, list)
    return accounts[0]["approved_clients"]


def error(answer: Told) -> tuple[int, object]:
    told = data(answer)["error"]
    assert isinstance(told, dict)
    return answer.status, told["code"]


def test_the_configuration_and_what_stands_at_the_domain_name_the_endpoints(world: World) -> None:
    told = data(asked(world, "fedcm-config"))
    assert told == {
        "accounts_endpoint": f"{ISSUER}/fedcm-accounts",
        "client_metadata_endpoint": f"{ISSUER}/fedcm-client",
        "id_assertion_endpoint": f"{ISSUER}/fedcm-assertion",
        "login_url": f"{ISSUER}/fedcm-login",
    }
    assert world.desk.web_identity() == {
        "provider_urls": [f"{ISSUER}/fedcm-config"],
        "accounts_endpoint": told["accounts_endpoint"],
        "login_url": told["login_url"],
    }


@pytest.mark.parametrize("endpoint", ["fedcm-config", "fedcm-accounts", "fedcm-client?client_id=spa"])
def test_no_page_may_ask_in_the_name_of_a_browser(world: World, endpoint: str) -> None:
    signed_in(world)
    answer = asked(world, endpoint, sec_fetch_dest="empty")
    assert error(answer) == (400, "invalid_request")


def test_no_page_may_have_a_token_by_it(world: World) -> None:
    signed_in(world)
    form = {"client_id": "spa", "account_id": "alice"}
    answer = asked(world, "fedcm-assertion", form, origin=APP, sec_fetch_dest="empty")
    assert error(answer) == (400, "invalid_request")


def test_who_has_signed_in_is_an_account(world: World) -> None:
    assert error(asked(world, "fedcm-accounts")) == (401, "login_required")
    signed_in(world, "bob")
    assert data(asked(world, "fedcm-accounts"))["accounts"] == [
        {"id": "bob", "name": "Bob", "email": "bob@people.example", "approved_clients": []}
    ]


def test_a_client_is_approved_once_it_has_had_a_token(world: World) -> None:
    signed_in(world)
    assertion(world)
    assert approved(world) == ["spa"]


def test_a_provider_that_asks_nobody_has_every_client_approved() -> None:
    world = World(scenario("fedcm: true\n      signed_in: true\n      consented: true"))
    assert approved(world) == ["spa", "server"]


def test_the_token_is_signed_for_the_client_and_bound_to_its_request(world: World) -> None:
    signed_in(world)
    answer = assertion(world)
    keys = world.ask(f"{ISSUER}/jwks.json")
    assert isinstance(keys, Told)
    token = jwt.decode(str(data(answer)["token"]), KeySet.import_key_set(keys.data))  # type: ignore[arg-type]
    claims = token.claims
    assert (claims["sub"], claims["aud"], claims["iss"], claims["nonce"]) == ("alice", "spa", ISSUER, "n0nce")
    assert dict(answer.headers) == {
        "Access-Control-Allow-Origin": APP,
        "Access-Control-Allow-Credentials": "true",
    }


def test_older_browsers_send_the_nonce_by_itself(world: World) -> None:
    signed_in(world)
    answer = assertion(world, params="{}", nonce="old")
    assert signing_key().verified(str(data(answer)["token"]))["nonce"] == "old"


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"client_id": "stranger"}, 400, "invalid_request"),
        ({"origin": "https://evil.example"}, 403, "unauthorized_client"),
        ({"origin": ""}, 403, "unauthorized_client"),
        ({"account_id": "bob"}, 401, "access_denied"),
        ({"params": "{"}, 400, "invalid_request"),
    ],
)
def test_a_wrong_request_has_no_token(world: World, given: dict[str, str], status: int, code: str) -> None:
    signed_in(world)
    answer = assertion(world, **given)
    assert error(answer) == (status, code)
    assert "token" not in data(answer)


def test_who_has_signed_out_has_no_token(world: World) -> None:
    signed_in(world)
    out = world.ask(f"{ISSUER}/end-session")
    assert ("Set-Login", "logged-out") in out.headers
    assert error(assertion(world)) == (401, "access_denied")


def test_a_client_that_is_unknown_has_no_metadata(world: World) -> None:
    assert data(asked(world, f"fedcm-client?{urlencode({'client_id': 'spa'})}")) == {}
    assert error(asked(world, "fedcm-client?client_id=stranger")) == (400, "invalid_request")


def test_who_cancels_is_not_signed_in(world: World) -> None:
    page = world.ask(f"{ISSUER}/fedcm-login", {"cancel": "yes"})
    assert isinstance(page, Shown)
    assert (page.fixture, page.headers) == ("_provider-error", ())
    assert error(asked(world, "fedcm-accounts")) == (401, "login_required")


def test_signing_in_by_a_window_tells_the_browser_as_well(world: World) -> None:
    page = world.authorize()
    answer = world.ask(f"{ISSUER}/login", {"tx": str(page.options["tx"]), "person": "alice"})  # type: ignore[union-attr]
    assert ("Set-Login", "logged-in") in answer.headers
    plain = World()
    page = plain.authorize()
    answer = plain.ask(f"{ISSUER}/login", {"tx": str(page.options["tx"]), "person": "alice"})  # type: ignore[union-attr]
    assert [name for name, _ in answer.headers] == ["Set-Cookie"]


def test_a_redirect_uri_stands_for_its_origin() -> None:
    world = World(scenario("fedcm: true"))
    signed_in(world)
    assert CALLBACK.startswith(APP)
    answer = assertion(world, client_id="server", origin="https://other.example")
    assert answer.status == 200
