from __future__ import annotations

import pytest

from isolab.engines.engine import Shown


@pytest.mark.parametrize(
    ("url", "may_be"),
    [
        ("https://a.example/x", True),
        ("https://a.example/x#part", True),
        ("https://a.example/x?q#part", False),
        ("https://a.example/", False),
        ("https://b.example/x", False),
    ],
)
def test_a_fragment_makes_no_other_url(url: str, may_be: bool) -> None:
    assert Shown("https://a.example/x", "g1-1").may_be(url) is may_be
    assert Shown("https://a.example/x#other", "g1-1").may_be(url) is may_be
