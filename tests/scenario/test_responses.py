from __future__ import annotations

import pytest
from written_cases import only

from isolab.scenario.case import Case
from isolab.scenario.responses import chain, page_of, pages_named, responses

TEXT = """
    title: t
    hosts: {app: null, idp: cross-site}
    pages:
      app: {coop: same-origin}
      go: {host: idp, redirect: via, coop: same-origin, status: 307}
      via: {redirect: end}
      end: {host: idp}
      round: {redirect: back}
      back: {redirect: round}
    flow: [open: app, {popup: p, page: go}]
    expect: {p.opener: severed}
"""


def case() -> Case:
    return only(TEXT)


def test_a_page_is_its_own_response() -> None:
    (hop,) = responses(case(), "app")
    assert (hop.url, hop.status, hop.redirects) == ("https://app.example/app", 200, False)
    assert hop.headers == (("Cross-Origin-Opener-Policy", "same-origin"),)


def test_redirects_come_first_with_headers_of_their_own() -> None:
    hops = responses(case(), "go")
    assert [(hop.url, hop.status) for hop in hops] == [
        ("https://idp.example/go", 307),
        ("https://app.example/via", 302),
        ("https://idp.example/end", 200),
    ]
    assert hops[0].headers == (
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Location", "https://app.example/via"),
    )


def test_a_loop_is_given_up_where_it_closes() -> None:
    assert [page.name for page in chain(case(), "round")] == ["round", "back"]


@pytest.mark.parametrize("placeholder", ["${{ url.img }}", "${{url.img}}", "${{  url.img\t}}"])
def test_a_placeholder_is_found_with_any_white_space(placeholder: str) -> None:
    assert pages_named(f"<img src='{placeholder}'>") == ("img",)
    assert page_of(placeholder) == "img"
