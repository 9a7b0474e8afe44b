from __future__ import annotations

import pytest

from isolab.scenario.upstream import NETWORK, from_environment, is_loopback, refused


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://localhost:3000/", "http://[::1]:80", "http://127.9.9.9"]
)
def test_a_server_on_loopback_may_be_asked(url: str) -> None:
    assert refused(url) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1:8000", "not the http address"),
        ("http://", "not the http address"),
        ("http://me@127.0.0.1", "not the http address"),
        ("http://127.0.0.1:0", "not the http address"),
        ("http://127.0.0.1/x", "more than a host and a port"),
        ("http://127.0.0.1?x", "more than a host and a port"),
        ("http://127.0.0.1:99999", "not a URL"),
        ("http://10.0.0.1:8000", "loopback"),
        ("http://app:8000", "loopback"),
        ("http://localhost.example:8000", "loopback"),
    ],
)
def test_no_other_address(url: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NETWORK, raising=False)
    message, mend = refused(url) or ("", "")
    assert why in message
    assert "http://127.0.0.1:8000" in mend


def test_the_person_and_nobody_else_lets_it_reach_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NETWORK, "1")
    assert refused("http://app:8000") is None
    monkeypatch.setenv(NETWORK, "0")
    assert refused("http://app:8000") is not None


def test_an_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_PORT", "8000")
    monkeypatch.delenv("MY_HOST", raising=False)
    assert from_environment("http://127.0.0.1:${{ env.MY_PORT }}") == ("http://127.0.0.1:8000", None)
    assert from_environment("http://${{env.MY_HOST}}:1") == ("http://${{env.MY_HOST}}:1", "MY_HOST")
    assert from_environment("${{ app }}") == ("${{ app }}", None)


def test_what_is_loopback() -> None:
    found = {host: is_loopback(host) for host in ("localhost", "a.localhost", "127.0.0.2", "::1", "0.0.0.0", "app")}
    assert found == {
        "localhost": True,
        "a.localhost": True,
        "127.0.0.2": True,
        "::1": True,
        "0.0.0.0": False,
        "app": False,
    }
