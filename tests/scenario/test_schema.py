from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from scenario_loading import SAMPLES

from isolab.scenario.case import Source
from isolab.scenario.schema import json_schema
from isolab.scenario.yaml import parse

CHECKED_IN = Path(__file__).parents[2] / "scenarios" / "schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def read(path: Path) -> Any:
    return parse(Source(path.name, path.read_text(encoding="utf-8"))).data


def test_the_file_checked_in_is_up_to_date() -> None:
    assert json.loads(CHECKED_IN.read_text(encoding="utf-8")) == json_schema(), (
        "run: isolab schema -o scenarios/schema.json"
    )


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.yaml")))
def test_samples_are_valid(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(read(SAMPLES / f"{name}.yaml"))] == []


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("pages", "app"),
        ("pages", "app", "embed", "logo"),
        ("flow", 0),
        ("expect",),
    ],
)
def test_unknown_keys_are_refused(path: tuple[str | int, ...]) -> None:
    data = here = read(SAMPLES / "embeds.yaml")
    for part in path:
        here = here[part]
    here["unknown"] = 1
    assert not VALIDATOR.is_valid(data)


@pytest.mark.parametrize(
    ("fact", "value", "valid"),
    [
        ("app.opener", "severed", True),
        ("app.opener", "sever", False),
        ("app.opener", "${{ fate }}", True),
        ("app.ad.crossOriginIsolated", True, True),
        ("app.ad.crossOriginIsolated", "true", False),
        ("app.logo", "blocked", True),
        ("app.logo", "gone", False),
        ("app.says.x", None, True),
        ("app.says.name", 5, True),
        ("app.says.opener", "gone", True),
        ("app.says.closed", 3, True),
        ("app.says.url", None, True),
        ("app.ad.says.opener", 1, True),
        ("app.says.a.says.length", "x", True),
        ("app.ad.name", 5, False),
    ],
)
def test_values_of_facts(fact: str, value: object, valid: bool) -> None:
    data = read(SAMPLES / "embeds.yaml")
    data["expect"] = [{fact: value}]
    assert VALIDATOR.is_valid(data) is valid


def test_every_key_is_described() -> None:
    schema = json_schema()
    models = {"scenario": schema, **schema["$defs"]}
    bare = [
        f"{name}.{key}"
        for name, model in models.items()
        for key, value in model.get("properties", {}).items()
        if "description" not in value
    ]
    assert bare == []
