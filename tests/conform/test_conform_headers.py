from __future__ import annotations

import pytest

from isolab.conform.headers import headers_of, origin_of, response_of
from isolab.conform.reader import NotStagedError, Reader
from isolab.policy.terms import Origin


def test_null_is_not_sent_and_the_rest_is_sent_as_it_is() -> None:
    part = Reader({"coop": "same-origin;", "coep": None, "csp": "sandbox", "dip_report_only": "none"})
    assert headers_of(part) == (
        ("Cross-Origin-Opener-Policy", "same-origin;"),
        ("Document-Isolation-Policy-Report-Only", "none"),
        ("Content-Security-Policy", "sandbox"),
    )
    assert list(part.unread()) == []


@pytest.mark.parametrize(
    ("part", "origin"),
    [
        ({}, Origin("https", "app.example")),
        ({"relation": "same-site"}, Origin("https", "login.app.example")),
        ({"relation": "cross-site", "scheme": "http"}, Origin("http", "idp.example")),
    ],
)
def test_a_relation_and_a_scheme_make_an_origin(part: dict[str, object], origin: Origin) -> None:
    assert origin_of(Reader(part)) == origin


@pytest.mark.parametrize("part", [{"relation": "far"}, {"scheme": "gopher"}, {"status": "302"}, {"coop": 1}])
def test_what_is_not_known_is_refused(part: dict[str, object]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        response_of(Reader(part), "/page")


def test_a_redirect_says_where_to() -> None:
    hop = response_of(Reader({"status": 307, "coop": "same-origin"}), "/via")
    assert (hop.url, hop.status, hop.redirects) == ("https://app.example/via", 307, True)
