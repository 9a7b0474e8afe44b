from __future__ import annotations

import pytest

from isolab.policy.request import Kind, Request, request_for, unforeseen


@pytest.mark.parametrize(
    ("kind", "attributes", "expected"),
    [
        ("iframe", {}, Request("iframe", "navigate")),
        ("image", {}, Request("image", "no-cors", "include")),
        ("style", {"crossorigin": ""}, Request("style", "cors", "same-origin")),
        ("script", {"crossorigin": "anonymous"}, Request("script", "cors", "same-origin")),
        ("script", {"crossorigin": "Use-Credentials"}, Request("script", "cors", "include")),
        ("script", {"crossorigin": "nonsense"}, Request("script", "cors", "same-origin")),
        ("script", {"type": "module"}, Request("script", "cors", "same-origin")),
        ("script", {"type": "Module"}, Request("script", "cors", "same-origin")),
        ("script", {"type": "module", "crossorigin": "use-credentials"}, Request("script", "cors", "include")),
        ("fetch", {}, Request("fetch", "cors", "same-origin")),
        ("fetch", {"mode": "no-cors", "credentials": "omit"}, Request("fetch", "no-cors", "omit")),
        ("worker", {"type": "module"}, Request("worker", "same-origin", "same-origin")),
    ],
)
def test_modes_and_credentials(kind: Kind, attributes: dict[str, str], expected: Request) -> None:
    assert request_for(kind, attributes.items()) == expected


@pytest.mark.parametrize(
    ("kind", "attributes", "expected"),
    [
        ("fetch", {}, ()),
        ("fetch", {"mode": "no-cors", "redirect": "follow", "method": "post"}, ()),
        ("fetch", {"redirect": "error", "method": "PUT"}, ("redirect", "method")),
        ("fetch", {"redirect": "manual", "integrity": "sha256-x"}, ("integrity", "redirect")),
        ("script", {"integrity": "sha256-x", "type": "module"}, ("integrity",)),
        ("image", {"crossorigin": ""}, ()),
    ],
)
def test_what_the_rules_do_not_foresee_is_named(
    kind: Kind, attributes: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert unforeseen(kind, attributes.items()) == expected
