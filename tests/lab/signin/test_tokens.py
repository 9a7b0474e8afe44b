"""Tokens, read with a library that isolab itself does not use."""

from __future__ import annotations

import base64
import hashlib

import jwt
import pytest
from signing_in import ISSUER, World, data, scenario

from isolab.lab.signin.message import Told


def verified(world: World, token: str, audience: str = "spa") -> dict[str, object]:
    jwks = world.ask(f"{ISSUER}/jwks.json")
    assert isinstance(jwks, Told)
    keys = jwt.PyJWKSet.from_dict(jwks.data)  # type: ignore[arg-type]
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, object] = jwt.decode(
        token, key, ["RS256"], audience=audience, issuer=ISSUER, options={"verify_exp": False, "verify_iat": False}
    )
    return claims


def half_hash(value: str) -> str:
    digest = hashlib.sha256(value.encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_an_id_token_is_signed_with_the_published_key_and_says_who_for_whom_and_when() -> None:
    world = World()
    answer = data(world.exchange(code=world.sign_in(scope="openid profile email", nonce="n0nce")["code"]))
    claims = verified(world, str(answer["id_token"]))
    assert claims == {
        "sub": "alice",
        "name": "Alice",
        "preferred_username": "alice",
        "email": "alice@people.example",
        "email_verified": True,
        "iss": ISSUER,
        "aud": "spa",
        "iat": 1_000_000_000,
        "exp": 1_000_003_600,
        "auth_time": 1_000_000_000,
        "nonce": "n0nce",
        "at_hash": half_hash(str(answer["access_token"])),
    }


@pytest.mark.parametrize("scope", ["openid", "profile"])
def test_without_the_scope_there_is_less(scope: str) -> None:
    world = World()
    answer = data(world.exchange(code=world.sign_in(scope=scope)["code"]))
    assert ("id_token" in answer) is (scope == "openid")
    assert "refresh_token" not in answer


@pytest.mark.parametrize(
    ("response_type", "params"),
    [
        ("id_token", {"id_token"}),
        ("token", {"access_token", "token_type", "expires_in", "scope"}),
        ("id_token token", {"id_token", "access_token", "token_type", "expires_in", "scope"}),
        ("code id_token", {"code", "id_token"}),
        ("code token", {"code", "access_token", "token_type", "expires_in", "scope"}),
        ("code id_token token", {"code", "id_token", "access_token", "token_type", "expires_in", "scope"}),
    ],
)
def test_each_response_type_brings_what_it_names(response_type: str, params: set[str]) -> None:
    world = World()
    answer = world.sign_in(response_type=response_type, nonce="n")
    assert set(answer) == params | {"state", "iss"}
    if "id_token" in params:
        claims = verified(world, answer["id_token"])
        assert claims.get("at_hash") == (
            half_hash(answer["access_token"]) if "token" in response_type.split() else None
        )
        assert claims.get("c_hash") == (half_hash(answer["code"]) if "code" in params else None)


def test_another_providers_token_is_not_ours() -> None:
    world = World()
    token = str(data(world.exchange(code=world.sign_in()["code"]))["id_token"])
    head, body, signature = token.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        verified(world, f"{head}.{body}.{'A' * len(signature)}")


def test_the_issuer_is_what_the_scenario_says() -> None:
    world = World(scenario("issuer: ${{ origin.idp }}/tenant"))
    answer = world.sign_in(response_type="id_token", nonce="n")
    assert answer["iss"] == f"{ISSUER}/tenant"
    assert jwt.decode(answer["id_token"], options={"verify_signature": False})["iss"] == f"{ISSUER}/tenant"
