from __future__ import annotations

from typing import get_args

import pytest

from isolab.policy.terms import Fate
from isolab.scenario.case import EmbedKind, Scalar
from isolab.scenario.facts import EMBED_FACTS, FACTS, POPUP_FACTS, SAYS, allowed


@pytest.mark.parametrize(
    ("fact", "good", "bad"),
    [
        ("opener", "not-loaded", "closed"),
        ("crossOriginIsolated", False, 0),
        ("open", True, "true"),
        ("timers", "coarse", "slow"),
        ("name", "", None),
        ("length", 0, -1),
        ("length", 2, True),
        ("length", 2, 2.5),
    ],
)
def test_kinds_of_values(fact: str, good: Scalar, bad: Scalar) -> None:
    assert FACTS[fact].kind.accepts(good)
    assert not FACTS[fact].kind.accepts(bad)


@pytest.mark.parametrize("value", [None, "", 0, 1.5, True])
def test_pages_may_say_anything(value: Scalar) -> None:
    assert SAYS.kind.accepts(value)


def test_messages_list_the_values() -> None:
    assert allowed(FACTS["opener"].kind) == f"it is one of: {', '.join(get_args(Fate))}"
    assert allowed(FACTS["open"].kind) == "it is one of: true, false"
    assert allowed(FACTS["length"].kind) == "it is a whole number from 0"


def test_the_tables_agree() -> None:
    assert set(EMBED_FACTS) == set(get_args(EmbedKind))
    assert {fact for facts in EMBED_FACTS.values() for fact in facts} < set(FACTS)
    assert set(FACTS) > POPUP_FACTS
