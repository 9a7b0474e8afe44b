from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.kinds.subresource import rule
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row

INHERITED = "credentialless (inherited by sandboxed srcdoc, opaque origin)"


def ruled(document: dict[str, Any], request: dict[str, Any], resource: dict[str, Any] | None = None) -> dict[str, Any]:
    setting = {"document": document, "request": request, "resource": resource or {}}
    return {name: ruling.value for name, ruling in rule(Row("x", "subresource", setting, {})).items()}


@pytest.mark.parametrize(
    ("policy", "relation", "sent"),
    [
        ({"coep": "credentialless"}, "cross-site", False),
        ({"coep": "credentialless"}, "same-origin", True),
        ({"dip": "isolate-and-credentialless"}, "same-site", False),
        ({"coep": "require-corp"}, "cross-site", True),
        ({"coep": "credentialless", "scheme": "http"}, "cross-site", True),
    ],
)
def test_cookies_of_images_go_by_the_policy(policy: dict[str, Any], relation: str, sent: bool) -> None:
    found = ruled(policy, {"type": "img", "relation": relation})
    assert (found["cookie_sent"], found["cookie_sent_without_policy"]) == (sent, True)


def test_a_credentialless_page_asks_no_corp_of_what_has_no_cookies() -> None:
    assert ruled({"coep": "credentialless"}, {"type": "fetch no-cors", "relation": "cross-site"})["blocked"] is False


def test_a_sandboxed_srcdoc_has_its_parents_policy_and_no_origin() -> None:
    found = ruled({"coep": INHERITED}, {"type": "fetch no-cors", "relation": "same-origin URL"})
    assert (found["blocked"], found["cookie_sent"]) == (False, False)


@pytest.mark.parametrize(
    ("mode", "relation", "kind", "error"),
    [
        ("no-cors", "same-site", "opaque", "TypeError"),
        ("cors", "same-site", "cors", None),
        ("cors", "same-origin", "basic", None),
    ],
)
def test_what_is_seen_of_the_response(mode: str, relation: str, kind: str, error: str | None) -> None:
    found = ruled({"coep": "require-corp"}, {"type": "fetch", "mode": mode, "relation": relation})
    assert (found["response_type"], found["error"]) == (kind, error)


@pytest.mark.parametrize(
    ("document", "request_"),
    [
        ({"coep": "require-corp (inherited by the moon)"}, {"type": "img"}),
        ({}, {"type": "img", "from": "memory"}),
        ({}, {"type": "img on a horse"}),
        ({}, {"type": "img", "crossorigin": "maybe"}),
    ],
)
def test_what_is_not_known_is_refused(document: dict[str, Any], request_: dict[str, Any]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        ruled(document, request_)
