from __future__ import annotations

import pytest
from pydantic import ValidationError

from isolab.scenario.model import Block, ScenarioFile

MINIMAL = {"title": "t", "pages": {"app": {}}, "flow": [{"open": "app"}], "expect": {"app.open": True}}


def test_expectations_are_a_list_however_written() -> None:
    one = ScenarioFile.model_validate(MINIMAL)
    many = ScenarioFile.model_validate(MINIMAL | {"expect": [{"app.open": True}]})
    assert one.blocks == many.blocks == [Block.model_validate({"app.open": True})]


@pytest.mark.parametrize("status", ["200", True, 200.0, None, 199, 600])
def test_nothing_is_converted(status: object) -> None:
    data = MINIMAL | {"pages": {"app": {"status": status}}}
    if status is None:
        assert ScenarioFile.model_validate(data).pages["app"].status is None
    else:
        with pytest.raises(ValidationError):
            ScenarioFile.model_validate(data)


def test_a_placeholder_may_stand_for_a_number_or_a_word() -> None:
    data = MINIMAL | {
        "pages": {"app": {"status": "${{ s }}", "path": "${{ p }}"}},
        "flow": [{"open": "${{ w }}"}, {"close": "app", "by": "${{ who }}"}],
    }
    ScenarioFile.model_validate(data)
