from __future__ import annotations

import pytest

from isolab.scenario.case import Source
from isolab.scenario.core_schema import INT, STR, scalar
from isolab.scenario.yaml import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("", None),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
        ("'5'", "5"),
        ("!!str 5", "5"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    data = parse(Source("x", f"k: {text}")).data
    assert data == {"k": value}
    assert isinstance(data, dict)
    assert type(data["k"]) is type(value)


def test_a_tag_of_another_schema_has_no_value() -> None:
    with pytest.raises(KeyError):
        scalar("tag:yaml.org,2002:timestamp", "2001-01-01")


def test_a_tag_wins_over_the_look() -> None:
    assert scalar(STR, "5") == "5"
    with pytest.raises(ValueError, match="five"):
        scalar(INT, "five")
