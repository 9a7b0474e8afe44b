from __future__ import annotations

from typing import get_args

from isolab.scenario.case import EmbedKind
from isolab.scenario.embeds import EMBEDS, Iframe, kind_of


def test_there_is_a_model_for_each_kind_and_the_kind_is_its_key() -> None:
    assert tuple(EMBEDS) == get_args(EmbedKind)
    assert all(kind in model.model_fields for kind, model in EMBEDS.items())


def test_kind_of_an_embed() -> None:
    assert kind_of(Iframe(iframe="a")) == "iframe"
