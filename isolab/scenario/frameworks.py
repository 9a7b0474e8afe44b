"""What web frameworks send by default: `frameworks.toml`, by the names that scenarios have for them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("frameworks.toml")

DECIDING = frozenset(
    {
        "cross-origin-embedder-policy",
        "cross-origin-embedder-policy-report-only",
        "cross-origin-opener-policy",
        "cross-origin-opener-policy-report-only",
        "cross-origin-resource-policy",
        "document-isolation-policy",
        "origin-agent-cluster",
        "permissions-policy",
        "referrer-policy",
        "x-frame-options",
    }
)
"""The headers (in small letters) that decide on isolation, opener links or embedding; of others nothing is kept."""


@dataclass(frozen=True, slots=True)
class Framework:
    """One as it comes: `version` is the one that was read, `how` what of it sends the headers."""

    name: str
    title: str
    version: str
    how: str
    headers: Mapping[str, str]


@cache
def frameworks() -> Mapping[str, Framework]:
    """All of them."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: Framework(name=name, **entry) for name, entry in data.items()}
