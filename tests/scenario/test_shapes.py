from __future__ import annotations

from typing import get_args

import pytest
from pydantic_core import PydanticCustomError

from isolab.scenario.case import EmbedKind
from isolab.scenario.shapes import KINDS, VERBS, require_embed, require_host, require_step, step_verb
from isolab.scenario.steps import STEPS


def test_the_words_are_those_of_the_models() -> None:
    assert tuple(STEPS) == VERBS
    assert get_args(EmbedKind) == KINDS


@pytest.mark.parametrize("verb", VERBS)
def test_a_step_is_told_by_its_verb(verb: str) -> None:
    assert step_verb({"page": "x", verb: "y"}) == f"\0{verb}"


@pytest.mark.parametrize(
    ("require", "value", "code"),
    [
        (require_step, {"pop": 1}, "no-verb"),
        (require_step, {"open": 1, "close": 1}, "two-verbs"),
        (require_step, [], "wrong-type"),
        (require_embed, {}, "no-kind"),
        (require_embed, {"image": 1, "style": 1}, "two-kinds"),
        (require_host, 5, "wrong-type"),
    ],
)
def test_exactly_one(require: object, value: object, code: str) -> None:
    assert callable(require)
    with pytest.raises(PydanticCustomError) as caught:
        require(value)
    assert caught.value.context is not None
    assert caught.value.context["code"] == code


def test_fitting_values_pass_unchanged() -> None:
    for value in (None, "same-site", {"relation": "same-site"}):
        assert require_host(value) == value
    assert require_step({"open": "a", "page": "b"}) == {"open": "a", "page": "b"}
