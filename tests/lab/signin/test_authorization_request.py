from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signing_in import CALLBACK, ISSUER, World, told

from isolab.lab.signin.message import Sent, Shown


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "device"}, "unsupported_response_type"),
        ({"response_type": "code code2"}, "unsupported_response_type"),
        ({"response_mode": "smoke"}, "invalid_request"),
        ({"response_type": "token", "response_mode": "query"}, "invalid_request"),
        ({"response_type": "id_token", "nonce": None}, "invalid_request"),
        ({"response_type": "id_token", "nonce": "n", "scope": "email"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"request": "e.y.J"}, "request_not_supported"),
        ({"request_uri": "https://app.example/r"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
    ],
)
def test_a_wrong_request_has_the_error_that_the_specification_names(params: dict[str, str | None], error: str) -> None:
    answer = told(World().authorize(**params))
    assert (answer["error"], answer["state"], answer["iss"]) == (error, "st4te", ISSUER)


def test_a_parameter_that_is_there_twice_is_an_error() -> None:
    url = f"{ISSUER}/authorize?client_id=spa&redirect_uri={CALLBACK}&response_type=code&scope=a&scope=b"
    assert told(World().go(url))["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("response_type", "mode", "where"),
    [("code", None, "?"), ("code", "fragment", "#"), ("token", None, "#"), ("code id_token", None, "#")],
)
def test_an_answer_comes_where_the_response_mode_says(response_type: str, mode: str | None, where: str) -> None:
    world = World()
    login = world.authorize(response_type=response_type, response_mode=mode, nonce="n")
    answer = world.press(login, cancel="yes")
    assert isinstance(answer, Sent)
    assert answer.url.startswith(f"{CALLBACK}{where}error=access_denied")


def test_a_redirect_uri_keeps_its_own_query() -> None:
    world = World()
    login = world.authorize(client_id="server", redirect_uri="https://other.example/cb?a=1")
    answer = world.press(login, cancel="yes")
    assert isinstance(answer, Sent)
    assert answer.url.startswith("https://other.example/cb?a=1&error=access_denied")


def test_a_request_may_be_posted() -> None:
    world = World()
    form = {"client_id": "spa", "redirect_uri": CALLBACK, "response_type": "token", "scope": "openid"}
    page = world.go(f"{ISSUER}/authorize", form)
    assert isinstance(page, Shown)
    assert page.fixture == "_provider-login"


@given(st.lists(st.tuples(st.sampled_from(["client_id", "redirect_uri", "response_type", "prompt", "x"]), st.text())))
def test_whatever_is_asked_is_answered(params: list[tuple[str, str]]) -> None:
    answer = World().ask(f"{ISSUER}/authorize?{urlencode(params)}")
    assert isinstance(answer, Shown)
    assert answer.fixture == "_provider-error"
