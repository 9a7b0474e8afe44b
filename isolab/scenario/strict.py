"""The base of every mapping in a scenario file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A mapping with these keys only, and no conversions: `"5"` is no number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
