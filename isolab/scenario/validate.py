"""Data against the model: pydantic judges, each of its errors becomes one message in the words of the file format."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from isolab.scenario.matching import ENGINE
from isolab.scenario.model import ScenarioFile
from isolab.scenario.places import place
from isolab.scenario.positions import Document, Path, Report
from isolab.scenario.values import CUSTOM
from isolab.scenario.wording import SIMILAR, listing, no_engine, shown, suggestion

_TYPES = {
    "string_type": "text (put it in quotes)",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "none_required": "null",
}
_KEY = "[key]"
_CHOICE = "literal_error"

_INDEPENDENT = frozenset(
    {
        "about",
        "tags",
        "links",
        "status",
        "coop",
        "coep",
        "corp",
        "framework",
        "headers",
        "with",
        "features",
        "target",
        "skip",
        "timeout",
    }
)
"""Keys whose values no other part of the file depends on: without them the rest can still be checked."""


def validate(document: Document, data: object, report: Report) -> ScenarioFile | None:
    """The data as a model; data is the document's own, perhaps with placeholders filled in.

    What is wrong goes into the report. Where nothing else depends on the wrong parts, they are left out and the model
    of the rest is returned, so that the rest can be checked as well; else None.
    """
    try:
        return ScenarioFile.model_validate(data)
    except ValidationError as found:
        errors = found.errors(include_url=False)
    for error in errors:
        if not _is_misspelt(error, errors):
            _report(error, document, report)
    return _rest(data, errors)


def _is_misspelt(missing: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """Whether a key is missing because it stands there under nearly its name, which is told of already."""
    *parent, key = _path(missing)
    unknown = [_path(e) for e in errors if missing["type"] == "missing" and e["type"] == "extra_forbidden"]
    names = [str(name).lower() for *where, name in unknown if where == parent]
    return bool(get_close_matches(str(key), names, cutoff=SIMILAR))


def _rest(data: object, errors: list[ErrorDetails]) -> ScenarioFile | None:
    if not all(_is_independent(error) for error in errors):
        return None
    for error in errors:
        data = _without(data, _path(error))
    try:
        return ScenarioFile.model_validate(data)
    except ValidationError:
        return None


def _is_independent(error: ErrorDetails) -> bool:
    return error["type"] == "extra_forbidden" or not _INDEPENDENT.isdisjoint(_path(error))


def _without(data: object, path: Path) -> object:
    """A copy of the data that lacks the entry of a mapping, or the whole list that the path leads into."""
    if not isinstance(data, dict) and not (isinstance(data, list) and len(path) > 1):
        return data
    first, *rest = path
    if isinstance(data, list):
        return [_without(item, tuple(rest)) if index == first else item for index, item in enumerate(data)]
    copy = dict(data)
    if rest and isinstance(copy.get(first), dict | list) and not (len(rest) == 1 and isinstance(rest[0], int)):
        copy[first] = _without(copy[first], tuple(rest))
    else:
        copy.pop(first, None)
    return copy


def _path(error: ErrorDetails) -> Path:
    """The error's place in the data: pydantic's location without the tags of unions and the mark of a key."""
    return tuple(part for part in error["loc"] if part != _KEY and not str(part).startswith("\0"))


def _report(error: ErrorDetails, document: Document, report: Report) -> None:
    path = _path(error)
    if error["type"] == "extra_forbidden":
        _unknown_key(path, document, report)
    elif error["type"] == "missing":
        _missing_key(path, document, report)
    elif path[0] == "expect" and isinstance(error["input"], dict) and error["type"] == CUSTOM:
        message = f"`{path[-1]}` is {shown(error['input'])}, as only `when` can be"
        report.key("wrong-type", path, message, "write `when:`, or the value that is expected")
    elif error["type"] == _CHOICE and error["loc"][-1] == _KEY:
        # The only mapping whose keys are some words and no others is one by engine.
        code, message, hint = no_engine(str(path[-1]), _choices(error))
        report.key(code, path, message, hint)
    else:
        code, message, hint = _explain(error, path)
        (report.key if error["loc"][-1] == _KEY else report.value)(code, path, message, hint)


def _unknown_key(path: Path, document: Document, report: Report) -> None:
    here = place(path[:-1], document.at(path[:-1]))
    name = str(path[-1])
    hint = suggestion(name, here.keys, f"{here.noun} has: {listing(here.keys)}")
    report.key("unknown-key", path, f"unknown key `{name}` in {here.words}", hint)


def _missing_key(path: Path, document: Document, report: Report) -> None:
    here = place(path[:-1], document.at(path[:-1]))
    report.value("missing-key", path[:-1], f"the key `{path[-1]}` is missing in {here.words}", f"add `{path[-1]}:`")


def _explain(error: ErrorDetails, path: Path) -> tuple[str, str, str]:
    """Code, message and hint of an error about one value or key."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == CUSTOM:
        return context["code"], context["message"], context["hint"]
    name = next((part for part in reversed(path) if isinstance(part, str)), "the scenario")
    if kind in _TYPES:
        return "wrong-type", f"`{name}` is {shown(error['input'])}", f"it has to be {_TYPES[kind]}"
    explain = _OTHERS[kind]
    return explain(name, error)


def _choice(name: str, error: ErrorDetails) -> tuple[str, str, str]:
    choices = _choices(error)
    rule = f"it is one of: {listing(choices)}" if len(choices) > 1 else f"it can only be {choices[0]}"
    if isinstance(error["input"], dict | list):
        return "wrong-type", f"`{name}` is {shown(error['input'])}", rule
    value = shown(error["input"]).strip('"')
    if name == ENGINE:
        return no_engine(value, choices)
    return "wrong-value", f"`{name}` cannot be `{value}`", suggestion(value, choices, rule)


def _choices(error: ErrorDetails) -> list[str]:
    expected = error["ctx"]["expected"]
    return re.findall(r"'([^']*)'", expected) or [expected.lower()]


def _empty(name: str, error: ErrorDetails) -> tuple[str, str, str]:
    one = "one entry" if isinstance(error["input"], dict) else "one value"
    return "empty", f"`{name}` is empty", f"it needs at least {one}"


def _empty_text(name: str, error: ErrorDetails) -> tuple[str, str, str]:
    return "empty", f"`{name}` is empty", f"it needs at least {error['ctx']['min_length']} character"


_OTHERS: dict[str, Callable[[str, ErrorDetails], tuple[str, str, str]]] = {
    _CHOICE: _choice,
    "too_short": _empty,
    "string_too_short": _empty_text,
}
