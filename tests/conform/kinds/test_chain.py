from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.kinds.chain import way_of
from isolab.conform.reader import NotStagedError, Reader
from isolab.policy.terms import Origin

HTTPS, HTTP = Origin("https", "app.example"), Origin("http", "app.example")


def way(
    home: Origin = HTTPS, resource: dict[str, Any] | None = None, **request: Any
) -> list[tuple[str, int, dict[str, str]]]:
    hops = way_of(Reader(request), Reader(resource or {}), home)
    return [(hop.url, hop.status, dict(hop.headers)) for hop in hops]


@pytest.mark.parametrize(
    ("home", "relation", "scheme", "url"),
    [
        (HTTPS, "same-origin", None, "https://app.example/resource"),
        (HTTP, "cross-site", None, "http://idp.example/resource"),
        (HTTPS, "same-site", "http", "http://login.app.example/resource"),
        (HTTP, "same-host, https", None, "https://app.example/resource"),
        (HTTP, "same-site, https", "https", "https://login.app.example/resource"),
        (HTTPS, "same-site, http", None, "http://login.app.example/resource"),
        (HTTPS, "cross-site http", None, "http://idp.example/resource"),
        (HTTPS, "same-host, http", "http", "http://app.example/resource"),
        (HTTPS, "same-host (other port)", None, "https://app.example:8080/resource"),
        (HTTPS, "cross-site (other port)", None, "https://idp.example:8080/resource"),
        (HTTPS, "same-origin URL", None, "https://app.example/resource"),
        (HTTP, "same-site (other port)", "http", "http://app.example:8080/resource"),
    ],
)
def test_a_relation_is_to_the_page(home: Origin, relation: str, scheme: str | None, url: str) -> None:
    assert way(home, {"scheme": scheme}, relation=relation) == [(url, 200, {})]


def test_a_chain_has_headers_of_its_own_at_every_hop() -> None:
    links = ["cross-site 307 with CORP same-site", "same-site 302 no CORP", "same-origin require-corp"]
    assert way(resource={"corp": "cross-origin"}, redirect_chain=links) == [
        ("https://idp.example/hop-1", 307, {"Cross-Origin-Resource-Policy": "same-site", "Location": "/next"}),
        ("https://login.app.example/hop-2", 302, {"Location": "/next"}),
        (
            "https://app.example/resource",
            200,
            {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "cross-origin"},
        ),
    ]


@pytest.mark.parametrize(
    "request_", [{"relation": "next door"}, {"redirect_chain": ["far away"]}, {"redirect_chain": []}]
)
def test_what_is_not_known_is_refused(request_: dict[str, Any]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        way(**request_)
