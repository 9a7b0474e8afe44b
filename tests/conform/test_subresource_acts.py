from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.stages.subresource import act
from isolab.scenario.case import Html

STRICT = {"document": {"coep": "require-corp"}, "request": {"type": "fetch no-cors", "relation": "same-site"}}
PLAIN, BLANK = "fetch no-cors", " through the WindowProxy of a window.open() blank popup"
COOKIE = {"document": {"coep": "credentialless"}, "request": {"type": "img", "relation": "same-site"}}


def row(setting: dict[str, Any], **expect: Any) -> Row:
    return Row("subresource/a/01", "subresource", setting, expect)


def script(act_case: Any, page: str) -> str:
    body = act_case.pages[page].body
    assert isinstance(body, Html)
    return body.text


def test_a_page_tells_what_is_blocked_beside_a_control() -> None:
    played = act(row({**STRICT, "resource": {"corp": None}}, blocked=True, error="TypeError", response_type="opaque"))
    assert played.scene.expect == {
        "page.says.blocked": True,
        "page.says.error": "TypeError",
        "page.says.type": "opaque",
    }
    case = played.scene.case("a/01")
    assert case.pages["page"].header("Cross-Origin-Embedder-Policy") == "require-corp"
    assert case.pages["resource"].header("Cross-Origin-Resource-Policy") is None
    assert case.pages["control"].header("Cross-Origin-Resource-Policy") == "cross-origin"
    assert "${{ url.control }}" in script(case, "page")


def test_cookies_are_set_in_windows_of_their_own_and_asked_for_with_and_without_the_policy() -> None:
    played = act(row(COOKIE, cookie_sent=False, cookie_sent_without_policy=True))
    assert played.scene.flow == [
        {"open": "jar-1"},
        {"open": "page"},
        {"wait": "page", "says": "cookie"},
        {"open": "plain"},
        {"wait": "plain", "says": "cookie"},
    ]
    assert played.scene.expect == {"page.says.cookie": False, "plain.says.cookie": True}
    case = played.scene.case("a/01")
    assert case.pages["jar-1"].origin == case.pages["resource"].origin
    assert case.pages["jar-1"].header("Access-Control-Allow-Origin") == "${{ origin.app }}"
    assert case.pages["plain"].header("Cross-Origin-Embedder-Policy") is None


def test_each_origin_on_the_way_has_a_cookie() -> None:
    chain = {**COOKIE, "request": {"type": "img", "redirect_chain": ["same-site", "same-origin"]}}
    played = act(row(chain, cookie_sent_on_final=False))
    case = played.scene.case("a/01")
    assert [case.pages[f"jar-{n}"].origin.host for n in (1, 2)] == ["login.app.example", "app.example"]
    assert [page.path for page in case.pages.values() if page.name.startswith("resource")] == [
        "/resource",
        "/resource-hop-0",
    ]


@pytest.mark.parametrize(
    ("changed", "calls"),
    [
        ({"request": {"type": "img", "relation": "same-site", "from": "http cache"}}, "tellCached("),
        ({"document": {"coep": "require-corp (inherited by sandboxed srcdoc, opaque origin)"}}, "tellOutside("),
        (
            {
                "request": {
                    "type": f"{STRICT['request']['type']} through the WindowProxy of a window.open() blank popup"
                }
            },
            "tellBlankPopup(",
        ),
        ({"document": {"coep": "require-corp, response served by service worker"}}, "tellServed("),
    ],
)
def test_each_surrounding_has_its_way_of_asking(changed: dict[str, Any], calls: str) -> None:
    played = act(row({**STRICT, **changed}, blocked=True))
    assert f"{calls}{{" in script(played.scene.case("a/01"), "page")


@pytest.mark.parametrize(("ending", "passes"), [("", False), (", service worker passes through", True)])
def test_a_service_worker_serves_the_page_with_its_policy(ending: str, passes: bool) -> None:
    setting = {
        "document": {"coep": "require-corp, response served by service worker"},
        "request": {"type": f"fetch no-cors{ending}", "relation": "same-site"},
    }
    played = act(row(setting, blocked=True))
    case = played.scene.case("a/01")
    assert case.pages["page"].header("Cross-Origin-Embedder-Policy") is None
    assert 'servePage({"headers": [["Cross-Origin-Embedder-Policy", "require-corp"]]' in script(case, "worker")
    assert ('"passes": true' in script(case, "worker")) == passes
    assert played.scene.expect == {"before.says.blocked": True}


def test_what_nobody_reads_is_refused() -> None:
    with pytest.raises(NotStagedError, match="weather"):
        act(row({**STRICT, "weather": "fine"}, blocked=True))
