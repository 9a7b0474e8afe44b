from __future__ import annotations

import pytest

from isolab.policy.site import registrable_domain, same_origin, same_site, schemeless_same_site
from isolab.policy.terms import Origin

HTTPS_APP = Origin("https", "app.example")


@pytest.mark.parametrize(
    ("other", "origin", "site", "schemeless"),
    [
        (Origin("https", "app.example"), True, True, True),
        (Origin("https", "app.example", 443), True, True, True),
        (Origin("https", "APP.example"), True, True, True),
        (Origin("https", "app.example", 8443), False, True, True),
        (Origin("https", "cdn.app.example"), False, True, True),
        (Origin("http", "app.example"), False, False, True),
        (Origin("http", "cdn.app.example"), False, False, True),
        (Origin("https", "other.example"), False, False, False),
        (None, False, False, False),
    ],
)
def test_relations_to_an_origin(other: Origin | None, origin: bool, site: bool, schemeless: bool) -> None:
    for a, b in ((HTTPS_APP, other), (other, HTTPS_APP)):
        assert (same_origin(a, b), same_site(a, b), schemeless_same_site(a, b)) == (origin, site, schemeless)


def test_opaque_origins_are_strangers_to_each_other() -> None:
    assert not same_origin(None, None)
    assert not same_site(None, None)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.app.example", "app.example"),
        ("a.b.co.uk", "b.co.uk"),
        ("co.uk", None),
        ("me.github.io", "me.github.io"),
        ("github.io", None),
        ("localhost", None),
        ("127.0.0.1", None),
        ("[::1]", None),
        ("www.app.example.", "app.example."),
    ],
)
def test_registrable_domains(host: str, domain: str | None) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("a", "b"), [("one.github.io", "two.github.io"), ("10.0.0.1", "11.0.0.1"), ("localhost", "127.0.0.1")]
)
def test_what_looks_alike_is_not_always_one_site(a: str, b: str) -> None:
    assert not same_site(Origin("https", a), Origin("https", b))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "github.io"])
def test_a_host_without_registrable_domain_is_same_site_with_itself(host: str) -> None:
    assert same_site(Origin("http", host, 8001), Origin("http", host, 8002))
