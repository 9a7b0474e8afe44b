"""A response as if another header had been sent."""

from __future__ import annotations

from isolab.explain.resending import sending
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

HOP = Hop("https://app.example/", Origin("https", "app.example"), headers=(("X", "1"), ("A", "a"), ("x", "2")))


def test_the_value_takes_the_place_of_every_line_of_that_name() -> None:
    assert sending(HOP, "X", "3").headers == (("A", "a"), ("X", "3"))


def test_none_takes_the_header_out() -> None:
    assert sending(HOP, "x", None).headers == (("A", "a"),)
