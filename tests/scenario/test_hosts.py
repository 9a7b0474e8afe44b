from __future__ import annotations

from pathlib import Path

import pytest
from scenario_loading import load_text, sample, tail

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


def test_a_server_of_ones_own_plays_a_host_by_whatever_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_PORT", "8003")
    hosts = """
title: T
hosts:
  app: {upstream: "${{ server }}", origin: "https://app.shop.test"}
  api: {upstream: "http://127.0.0.1:8002/", relation: same-site}
  idp: {upstream: "http://127.0.0.1:${{ env.MY_PORT }}"}
matrix: {server: ["http://127.0.0.1:8000", "http://localhost:8001"]}
expect: {login.opener: preserved}
"""
    played = [
        {f"{upstream.host} {origin}": upstream.url for origin, upstream in case.upstreams.items()}
        for case in load_text(tmp_path, hosts + tail("server"))
    ]
    others = {
        "api https://api.app.shop.test": "http://127.0.0.1:8002",
        "idp https://idp.example": "http://127.0.0.1:8003",
    }
    assert played == [
        {"app https://app.shop.test": "http://127.0.0.1:8000", **others},
        {"app https://app.shop.test": "http://localhost:8001", **others},
    ]
