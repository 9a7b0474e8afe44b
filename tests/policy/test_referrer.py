from __future__ import annotations

import pytest
from policy_world import APP, IDP, SUB

from isolab.policy.referrer import DEFAULT, POLICIES, referrer
from isolab.policy.terms import Origin

PLAIN = Origin("http", "app.example")


@pytest.mark.parametrize(
    ("policy", "same", "cross", "plain"),
    [
        ("no-referrer", "nothing", "nothing", "nothing"),
        ("no-referrer-when-downgrade", "url", "url", "nothing"),
        ("same-origin", "url", "nothing", "nothing"),
        ("origin", "origin", "origin", "origin"),
        ("strict-origin", "origin", "origin", "nothing"),
        ("origin-when-cross-origin", "url", "origin", "origin"),
        (DEFAULT, "url", "origin", "nothing"),
        ("unsafe-url", "url", "url", "url"),
    ],
)
def test_what_each_policy_tells(policy: str, same: str, cross: str, plain: str) -> None:
    assert policy in POLICIES
    assert [referrer(policy, APP, target) for target in (APP, SUB, IDP, PLAIN)] == [same, cross, cross, plain]


def test_a_page_without_encryption_has_nothing_to_lose() -> None:
    assert referrer("strict-origin", PLAIN, Origin("http", "idp.example")) == "origin"
