from __future__ import annotations

from scenario_loading import sample

from isolab.scenario.case import ENGINE_NAMES, Check, Difference, Span


def test_a_header_sent_twice_is_joined_as_http_does() -> None:
    page = sample("headers")[0].pages["app"]
    assert page.header("cross-origin-opener-policy") == "same-origin, unsafe-none"
    assert page.header("cache-control") is None


def test_the_checks_of_a_window_include_its_embeds() -> None:
    [case] = sample("redirect")
    assert {check.what for check in case.window_checks("login")} == {"login.opener", "login.url", "login.logo"}
    assert case.window_checks("app") == ()


def test_a_case_knows_its_file() -> None:
    assert sample("popup")[0].scenario.endswith("popup.yaml")


def test_what_is_known_of_one_engine_is_not_allowed_to_another() -> None:
    span = Span(1, 1, 2)
    silent = Difference("webkit", "", None, "https://b.example/", "", span)
    check = Check("app", "says.x", "yes", span, differences=(silent,))
    assert [check.allows(None, engine) for engine in ENGINE_NAMES] == [False, False, True]
    assert check.allows("yes", "webkit")
    assert not check.allows("no", "webkit")
