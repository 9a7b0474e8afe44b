"""Rows for the tests of the conformance room."""

from __future__ import annotations

from typing import Any

from isolab.conform.row import Row

PLAIN = {"coop": None, "coep": None, "scheme": "https"}


def popup_row(row_id: str = "popup/a/01", **parts: Any) -> Row:
    """A popup of the same origin without headers; `expect` and the parts of the setting replace what is given."""
    expect = parts.pop("expect", {"state": "preserved"})
    opened = {"method": "window.open", "name": None, "noopener": False}
    setting = {"opener": PLAIN, "popup": {**PLAIN, "relation": "same-origin"}, "open": opened, **parts}
    return Row(row_id, "popup", setting, expect)


def parse_row(header: str, *values: str, effective: object) -> Row:
    """A header's lines and what they count as."""
    return Row("parse/a/01", "coop-parse", {"header": header, "header_values": list(values)}, {"effective": effective})
