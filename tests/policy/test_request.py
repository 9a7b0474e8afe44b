from __future__ import annotations

import pytest

from isolab.policy.request import Kind, Request, request_for


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
        ("script", {"type": "module", "crossorigin": "use-credentials"}, Request("script", "cors", "include")),
        ("fetch", {}, Request("fetch", "cors", "same-origin")),
        ("fetch", {"mode": "no-cors", "credentials": "omit"}, Request("fetch", "no-cors", "omit")),
        ("worker", {"type": "module"}, Request("worker", "same-origin", "same-origin")),
    ],
)
def test_modes_and_credentials(kind: Kind, attributes: dict[str, str], expected: Request) -> None:
    assert request_for(kind, attributes.items()) == expected
