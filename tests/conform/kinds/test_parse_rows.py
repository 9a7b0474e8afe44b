from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.kinds.parse import rule
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row


def effective(header: str, *values: object) -> Any:
    return rule(Row("x", "parse", {"header": header, "header_values": list(values)}, {}))["effective"].value


@pytest.mark.parametrize(
    ("header", "values", "value"),
    [
        ("Cross-Origin-Opener-Policy", ["same-origin-allow-popups;a=?1"], "same-origin-allow-popups"),
        ("Cross-Origin-Opener-Policy", ["same-origin\x00"], "unsafe-none"),
        ("Cross-Origin-Opener-Policy", [], "unsafe-none"),
        ("Cross-Origin-Embedder-Policy", [" credentialless\t"], "credentialless"),
        ("Cross-Origin-Embedder-Policy", ["none"], "unsafe-none"),
        ("Document-Isolation-Policy", ["isolate-and-credentialless"], "isolate-and-credentialless"),
        ("Document-Isolation-Policy", ["isolate-and-credentialless", ""], "none"),
        ("Cross-Origin-Resource-Policy", ["cross-origin"], "cross-origin"),
        ("Cross-Origin-Resource-Policy", ["cross-origin "], "cross-origin"),
        ("Cross-Origin-Resource-Policy", ["cross-origin;"], None),
    ],
)
def test_values_are_read_as_the_standards_read_them(header: str, values: list[str], value: object) -> None:
    assert effective(header, *values) == value


def test_a_byte_that_the_row_says_to_be_one_is_one() -> None:
    assert effective("Cross-Origin-Opener-Policy", "same%2Dorigin (raw byte 0x2D)") == "same-origin"
    assert effective("Cross-Origin-Opener-Policy", "same%2Dorigin") == "unsafe-none"


@pytest.mark.parametrize("setting", [{"header": "X-Frame-Options"}, {"header_values": "a"}, {"context": "on the moon"}])
def test_what_is_not_known_is_refused(setting: dict[str, object]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        rule(Row("x", "parse", {"header": "Cross-Origin-Opener-Policy", "header_values": [], **setting}, {}))
