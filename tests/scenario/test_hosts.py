from __future__ import annotations

import pytest
from scenario_loading import sample

from isolab.policy.terms import Origin
from isolab.scenario.hosts import parse_origin, site


def test_hosts_by_name_relation_and_origin() -> None:
    [case] = sample("hosts")
    assert {name: str(origin) for name, origin in case.hosts.items()} == {
        "app": "https://app.example",
        "same": "https://app.example",
        "sub": "https://sub.app.example",
        "far": "https://far.example",
        "deep": "https://deep.sub.app.example",
        "plain": "http://plain.app.example",
        "fixed": "https://fixed.test:8443",
        "standard": "http://standard.test",
    }


def test_a_relation_from_the_matrix() -> None:
    assert [str(case.hosts["idp"]) for case in sample("popup")] == [
        "https://idp.example",
        "https://app.example",
        "https://idp.example",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/",
        "https://a.example/x",
        "https://a.example?x",
        "https://u@a.example",
        "https://a.example:",
        "https://a.example:0",
        "https://a.example:70000",
        "ftp://a.example",
        "https://",
        "https://a_b.example",
        "https://127.0.0.1",
        "https://[::1]",
        "https://-a.example",
        "a.example",
    ],
)
def test_what_is_no_origin(text: str) -> None:
    assert parse_origin(text) is None


def test_origins_are_written_one_way() -> None:
    assert parse_origin("https://a.example:443") == Origin("https", "a.example")
    assert parse_origin("https://A.Example") == Origin("https", "a.example")
    assert parse_origin("http://a.example:443") == Origin("http", "a.example", 443)


def test_site_is_schemeful() -> None:
    assert site(Origin("https", "x.a.example")) == site(Origin("https", "a.example", 8443))
    assert site(Origin("https", "a.example")) != site(Origin("http", "a.example"))
