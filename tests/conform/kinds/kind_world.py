"""Rows that the tests of the kinds write themselves, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isolab.conform.row import Row
from isolab.conform.rules import KINDS


def ruled(kind: str, *, subtest: str = "", source: str = "", **setting: Any) -> Mapping[str, Any]:
    """The values that the rules give a row's observations, by name."""
    row = Row(f"{kind}/own", kind, setting, {}, source, subtest)
    return {name: ruling.value for name, ruling in KINDS[kind](row).items()}
