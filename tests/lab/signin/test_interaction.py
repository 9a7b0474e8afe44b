from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from signing_in import CALLBACK, ISSUER, World, data, scenario, told

from isolab.lab.signin.message import Sent, Shown


def test_a_person_signs_in_and_agrees_and_the_client_gets_a_code() -> None:
    world = World()
    login = world.authorize()
    assert isinstance(login, Shown)
    assert (login.fixture, login.options["client"], login.options["hint"]) == ("_provider-login", "spa", "alice")
    consent = world.press(login, person="bob")
    assert isinstance(consent, Shown)
    assert (consent.fixture, consent.options["scope"]) == ("_provider-consent", "openid")
    answer = told(world.press(consent, allow="yes"))
    assert set(answer) == {"code", "state", "iss"}
    assert (answer["state"], answer["iss"]) == ("st4te", ISSUER)
    assert world.ledger.codes[answer["code"]].grant.session.person == "bob"
    assert world.passed == ["authorize", "login", "login", "consent", "consent", "finish"]


def test_who_has_signed_in_and_agreed_is_not_asked_again() -> None:
    world = World()
    world.sign_in()
    world.passed.clear()
    assert "code" in told(world.authorize())
    assert world.passed == ["authorize", "finish"]


def test_the_browser_remembers_by_a_cookie_that_other_sites_frames_may_send() -> None:
    world = World()
    login = world.authorize()
    assert isinstance(login, Shown)
    answer = world.ask(f"{ISSUER}/login", {"tx": str(login.options["tx"])})
    (cookie,) = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert cookie.endswith("; Path=/; HttpOnly; Secure; SameSite=None")
    world.cookies.clear()
    login = world.authorize(prompt="none")
    assert told(login)["error"] == "login_required"


@pytest.mark.parametrize(
    ("provider", "params", "error"),
    [
        ("", {}, "login_required"),
        ("signed_in: true", {}, "consent_required"),
        ("signed_in: true", {"max_age": "5"}, "login_required"),
    ],
)
def test_who_must_not_be_asked_gets_the_error_that_says_what_is_missing(
    provider: str, params: dict[str, str], error: str
) -> None:
    world = World(scenario(provider))
    world.now += 10
    answer = told(world.authorize(prompt="none", **params))
    assert (answer["error"], answer["state"], answer["iss"]) == (error, "st4te", ISSUER)


def _hint(world: World, person: str) -> str:
    """An ID Token of a person who is signed in from now on."""
    answer = told(world.press(world.press(world.authorize(prompt="login"), person=person), allow="yes"))
    return str(data(world.exchange(code=answer["code"]))["id_token"])


def test_a_client_that_means_somebody_else_gets_nobody() -> None:
    world = World()
    bob, alice = _hint(world, "bob"), _hint(world, "alice")
    assert "code" in told(world.authorize(prompt="none", id_token_hint=alice))
    assert told(world.authorize(prompt="none", id_token_hint=bob))["error"] == "login_required"
    login = world.authorize(id_token_hint=bob)
    assert isinstance(login, Shown)
    assert (login.fixture, login.options["hint"]) == ("_provider-login", "bob")
    assert told(world.press(login, person="alice"))["error"] == "login_required"
    assert "code" in told(world.press(world.authorize(id_token_hint=bob), person="bob"))


@pytest.mark.parametrize("hint", ["a.b.c", "nonsense"])
def test_a_hint_that_is_none_of_the_providers_tokens_is_refused(hint: str) -> None:
    assert told(World().authorize(id_token_hint=hint))["error"] == "invalid_request"


def test_nobody_has_to_be_asked_who_is_signed_in_and_has_agreed() -> None:
    world = World(scenario("signed_in: true\n      consented: true"))
    assert "code" in told(world.authorize(prompt="none"))


@pytest.mark.parametrize(
    ("params", "fixture"),
    [
        ({"prompt": "login"}, "_provider-login"),
        ({"prompt": "select_account"}, "_provider-login"),
        ({"prompt": "consent"}, "_provider-consent"),
        ({"max_age": "5"}, "_provider-login"),
        ({"max_age": "0"}, "_provider-login"),
        ({"scope": "openid email"}, "_provider-consent"),
    ],
)
def test_a_client_may_want_the_person_to_be_asked_again(params: dict[str, str], fixture: str) -> None:
    world = World()
    world.sign_in()
    world.now += 10
    page = world.authorize(**params)
    assert isinstance(page, Shown)
    assert page.fixture == fixture


def test_no_age_at_all_asks_even_who_has_signed_in_in_this_very_second() -> None:
    world = World()
    world.sign_in()
    assert told(world.authorize(max_age="0", prompt="none"))["error"] == "login_required"
    assert "code" in told(world.press(world.authorize(max_age="0"), person="alice"))


def test_a_page_that_has_nothing_to_ask_any_more_passes_on() -> None:
    world = World(scenario("signed_in: true"))
    consent = world.authorize()
    assert isinstance(consent, Shown)
    again = world.go(f"{ISSUER}/login?tx={consent.options['tx']}")
    assert isinstance(again, Shown)
    assert again.fixture == "_provider-consent"
    early = world.go(f"{ISSUER}/finish?tx={consent.options['tx']}")
    assert isinstance(early, Shown)
    assert early.fixture == "_provider-consent"


def test_a_person_may_say_no() -> None:
    world = World()
    assert told(world.press(world.authorize(), cancel="yes"))["error"] == "access_denied"
    consent = world.press(world.authorize(), person="alice")
    assert told(world.press(consent, deny="yes"))["error"] == "access_denied"


def test_a_sign_in_is_over_once_the_client_has_its_answer() -> None:
    world = World()
    login = world.authorize()
    world.press(login, cancel="yes")
    page = world.press(login, person="alice")
    assert isinstance(page, Shown)
    assert (page.fixture, page.options["error"], page.status) == ("_provider-error", "invalid_request", 400)


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"client_id": "stranger"}, "there is no client 'stranger'"),
        ({"client_id": None}, "there is no client ''"),
        ({"redirect_uri": f"{CALLBACK}/"}, f"the redirect_uri {CALLBACK}/ is not one of the client's"),
        ({"redirect_uri": None}, "the redirect_uri (none) is not one of the client's"),
    ],
)
def test_a_client_that_cannot_be_told_is_not_told(params: dict[str, str | None], description: str) -> None:
    page = World().authorize(**params)
    assert isinstance(page, Shown)
    assert page.options == {"error": "invalid_request", "description": description}


def test_the_scenario_may_have_the_answer_altered() -> None:
    forged = World(scenario('answer: {state: "forged", iss: null}'))
    answer = forged.sign_in()
    assert set(answer) == {"code", "state"}
    assert answer["state"] == "forged"


def test_a_window_is_sent_through_the_pages_that_the_scenario_has_in_between() -> None:
    world = World(scenario(pages="authorize: {endpoint: authorize, next: broker}\n      broker: {host: app}"))
    answer = world.ask(
        f"{ISSUER}/authorize?client_id=spa&redirect_uri={CALLBACK}&response_type=code&prompt=login"
        f"&code_challenge={'c' * 43}"
    )
    assert isinstance(answer, Sent)
    assert answer.url.partition("?")[0] == "https://app.example/broker"
    assert [name for name, _ in parse_qsl(urlsplit(answer.url).query)] == ["tx"]
