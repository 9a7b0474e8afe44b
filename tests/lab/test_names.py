from __future__ import annotations

import pytest

from isolab.lab.names import in_bytes, is_text, labelled, mentioned, published
from isolab.policy.terms import Origin

NAMES = labelled("g7", ["app.example", "idp.example"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://app.example/x", "https://g7.app.example/x"),
        ("http://idp.example:8080", "http://g7.idp.example:8080"),
        ("HTTPS://App.Example", "HTTPS://g7.App.Example"),
        ('src="//idp.example/a.js"', 'src="//g7.idp.example/a.js"'),
        (r'"https:\/\/idp.example\/"', r'"https:\/\/g7.idp.example\/"'),
        ("?to=https%3A%2F%2Fapp.example%2Fcb", "?to=https%3A%2F%2Fg7.app.example%2Fcb"),
        ("?to=https%3a%2f%2fapp.example", "?to=https%3a%2f%2fg7.app.example"),
        ("See https://app.example.", "See https://g7.app.example."),
    ],
)
def test_a_declared_host_in_a_url_gets_the_label(text: str, found: str) -> None:
    assert NAMES(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "https://cdn.app.example/",
        "https://app.example.org/",
        "https://app.example-two/",
        "https://g7.app.example/",
        "app.example",
        "mailto:me@app.example",
        "https://other.example/",
    ],
)
def test_nothing_else_does(text: str) -> None:
    assert NAMES(text) == text


def test_a_policy_has_hosts_without_a_scheme() -> None:
    policy = "frame-src idp.example https://app.example *.app.example; img-src cdn.idp.example"
    assert labelled("g7", ["app.example", "idp.example"], bare=True)(policy) == (
        "frame-src g7.idp.example https://g7.app.example *.app.example; img-src cdn.idp.example"
    )


def test_without_a_label_names_are_as_they_are() -> None:
    assert labelled("", ["app.example"])("https://app.example/") == "https://app.example/"
    assert labelled("g7", [])("https://app.example/") == "https://app.example/"


def test_a_location_with_the_servers_own_address_becomes_the_hosts() -> None:
    translate = published({"http://127.0.0.1:8000": Origin("https", "app.example")})
    assert translate("http://127.0.0.1:8000/login?a=b") == "https://app.example/login?a=b"
    assert translate("http://127.0.0.1:8000") == "https://app.example"
    assert translate("http://127.0.0.1:80001/") == "http://127.0.0.1:80001/"
    assert translate("/login") == "/login"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text/html; charset=utf-8", True),
        ("application/json", True),
        ("application/manifest+json", True),
        ("application/javascript", True),
        ("application/x-www-form-urlencoded", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("application/octet-stream", False),
        ("multipart/form-data; boundary=text/", False),
        ("", False),
    ],
)
def test_what_is_text(kind: str, text: bool) -> None:
    assert is_text(kind) is text


def test_bytes_of_any_encoding_stay_what_they_are() -> None:
    content = "ü https://app.example \udcff".encode("utf-8", "surrogateescape")
    assert in_bytes(NAMES, content) == content.replace(b"//app", b"//g7.app")


def test_hosts_that_a_text_has_in_urls() -> None:
    text = rb'<script src="//CDN.example/x.js"></script> https://a.example:80/ "https:\/\/b.example\/" c.example // d'
    assert mentioned(text) == {"cdn.example", "a.example", "b.example"}
