"""The machine as discovery sees it: plain data, so that a test can make one up."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """`platform` is sys.platform; `environ` the environment; `root` the folder that absolute places start from."""

    platform: str = sys.platform
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    root: Path = Path("/")

    def which(self, name: str) -> str | None:
        """Look for a program along PATH."""
        return shutil.which(name, path=self.environ.get("PATH", os.defpath))

    def glob(self, patterns: Sequence[str]) -> Iterator[Path]:
        """Files that fit, in the order of the patterns (each relative to the root)."""
        for pattern in patterns:
            yield from sorted(self.root.glob(pattern))

    @property
    def has_screen(self) -> bool:
        """Whether windows can be shown to a person."""
        return self.platform != "linux" or bool(self.environ.get("DISPLAY") or self.environ.get("WAYLAND_DISPLAY"))
