from __future__ import annotations

from scenario_loading import sample


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
