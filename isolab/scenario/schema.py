"""The file format as JSON Schema 2020-12, for editors: made from the models and the table of facts."""

from __future__ import annotations

import re
from typing import Any

from isolab.scenario.facts import FACTS, LOAD, SAYS, Fact
from isolab.scenario.model import ScenarioFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WAY = r"[^.]+(\.[^.]+)*"
"""A window and the embeds in it that lead to what is meant."""
_SAYS = rf"{_WAY}\.says\."
_PLACEHOLDER = {"type": "string", "pattern": r"\$\{\{"}


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file; `scenarios/schema.json` is this, written out."""
    schema = _closed(ScenarioFile.model_json_schema(by_alias=True))
    definitions = schema["$defs"]
    definitions["Block"] |= _facts()
    definitions["Difference"]["properties"]["observed"] |= _facts()
    return {"$schema": _DIALECT, "title": "isolab scenario", **schema}


def _facts() -> dict[str, Any]:
    """Facts by the end of their names; whatever ends otherwise is an embed, which loads or is blocked.

    What a page says may be called like a fact (`app.says.url`), and several patterns would have to hold at once.
    """
    patterns = {rf"^(?!{_SAYS}){_WAY}\.{re.escape(name)}$": _value(fact) for name, fact in FACTS.items()}
    patterns[rf"^{_SAYS}"] = _value(SAYS)
    return {"patternProperties": patterns, "additionalProperties": _value(LOAD)}


def _value(fact: Fact) -> dict[str, Any]:
    return {"description": fact.about, "anyOf": [dict(fact.kind.schema), _PLACEHOLDER]}


def _closed(schema: Any) -> Any:
    """Without pydantic's titles, which only repeat the keys; where keys follow a pattern, no others are allowed."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _closed(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    return kept | ({"additionalProperties": False} if "patternProperties" in kept else {})
