"""The nouns of the standards that every room uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fate = Literal["preserved", "severed", "noopener", "not-loaded"]
"""What became of an opener link; `severed`: the handle is kept and reads closed; `noopener`: window.open gave null."""

Load = Literal["loaded", "blocked"]
"""What became of something that a document embeds."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A tuple origin (HTML, 7.1.1); `port` is None for the scheme's default.

    Where an origin may be opaque (sandboxed documents, data: URLs), functions take `Origin | None`: None is opaque.
    """

    scheme: Literal["https", "http"]
    host: str
    port: int | None = None

    @property
    def authority(self) -> str:
        """`host` or `host:port`, as in a URL and a Host header."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"
