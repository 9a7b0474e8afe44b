from __future__ import annotations

import pytest

from isolab.policy.secure import potentially_trustworthy, secure_context
from isolab.policy.terms import Origin


@pytest.mark.parametrize(
    "origin",
    [
        Origin("https", "app.example"),
        Origin("http", "localhost", 8000),
        Origin("http", "app.localhost"),
        Origin("http", "LOCALHOST"),
        Origin("http", "localhost."),
        Origin("http", "127.0.0.1"),
        Origin("http", "127.9.9.9"),
        Origin("http", "[::1]"),
    ],
)
def test_trustworthy(origin: Origin) -> None:
    assert potentially_trustworthy(origin)


@pytest.mark.parametrize(
    "origin",
    [
        Origin("http", "app.example"),
        Origin("http", "notlocalhost"),
        Origin("http", "localhost.example"),
        Origin("http", "10.0.0.1"),
        Origin("http", "128.0.0.1"),
        Origin("http", "[::2]"),
        None,
    ],
)
def test_not_trustworthy(origin: Origin | None) -> None:
    assert not potentially_trustworthy(origin)


def test_one_insecure_ancestor_is_enough() -> None:
    https, http = Origin("https", "app.example"), Origin("http", "app.example")
    assert secure_context([https, https])
    assert not secure_context([https, http])
    assert not secure_context([https, http, https])
