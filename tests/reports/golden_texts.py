"""Golden files: what a person was shown, judged once by eye, compared ever after."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Compare; with ISOLAB_REWRITE_GOLDEN=1 set the file is written instead, to be judged in the diff."""
    path = _FOLDER / name
    if os.environ.get("ISOLAB_REWRITE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
