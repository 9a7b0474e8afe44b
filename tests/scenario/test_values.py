from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from isolab.scenario import values


def accepts(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (values.Name, "a-b_C1", "a.b"),
        (values.Name, "a", "1a"),
        (values.HostName, "idp2", "Idp"),
        (values.HostName, "a-b", "a-"),
        (values.Parameter, "app.coop", "url.app"),
        (values.Parameter, "engines", "engine"),
        (values.Parameter, "originX", "origin.x"),
        (values.PagePath, "/a?b=%20", "/a b"),
        (values.PagePath, "/", ""),
        (values.PagePath, "/a", "/a#b"),
        (values.PagePath, "/${{ x }}", "/é"),
        (values.Status, 200, 199),
        (values.Status, 599, 600),
        (values.Timeout, 600, 0),
        (values.Timeout, 0.5, 600.5),
        (values.HeaderName, "X-A!", "X:A"),
        (values.HeaderName, "a", ""),
        (values.HeaderValue, "caf\xe9\t", "a\nb"),
        (values.HeaderValue, "", "\u20ac"),
        (values.HeaderLines, ["a", 5, None], [True]),
        (values.HeaderLines, 5, 5.5),
        (values.BugLink, "https://a.example/1", "http://a.example/1"),
        (values.Link, "http://a.example", "a.example"),
        (values.Versions, ">=79,<200", "79"),
        (values.Versions, "", ">=x"),
        (values.ScalarValue, None, []),
        (values.Pattern, [None, 1], []),
    ],
)
def test_values(kind: Any, good: object, bad: object) -> None:
    assert accepts(kind, good)
    assert not accepts(kind, bad)


def test_whole_numbers_in_headers_become_text() -> None:
    assert TypeAdapter(values.HeaderLines).validate_python([5, "a"], strict=True) == ["5", "a"]
