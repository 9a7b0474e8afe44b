"""Screenshots within the page: a file that stands alone cannot point to others."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from isolab.reports.html.packing import Plain
from isolab.reports.words import visible

LARGEST = 300_000
"""No larger picture is taken into the page, in bytes."""
ALL_TOGETHER = 20_000_000
"""How much all pictures of a page may take, in bytes; what is over is named only."""

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(slots=True)
class Album:
    """Takes pictures in until there is no more room."""

    room: int = ALL_TOGETHER

    def artifact(self, name: str) -> dict[str, Plain]:
        """Give a file that was kept of a case: its name, and the picture itself (a `data:` URL) where it is one."""
        return {"name": visible(name), "image": self._image(name)}

    def _image(self, name: str) -> str | None:
        if not name.endswith(".png"):
            return None
        try:
            path = Path(name)
            size = path.stat().st_size
            content = path.read_bytes() if size <= min(LARGEST, self.room) else b""
        except (OSError, ValueError):
            # Files move, and a results file may come from another machine.
            return None
        if not content.startswith(_PNG):
            return None
        self.room -= len(content)
        return f"data:image/png;base64,{base64.b64encode(content).decode()}"
