"""The names of the catalogue as its files have them, read as mere text: for completion, which must be fast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from isolab.resources import resource

_FLOW = re.compile(r"^tags: *\[([^\]]*)\]", re.MULTILINE)
_BLOCK = re.compile(r"^tags: *\n((?: +- .*\n)+)", re.MULTILINE)


def targets() -> list[str]:
    """The ids of scenarios, and the folders that stand for all that is in them."""
    root = resource("scenarios")
    names = [path.relative_to(root).with_suffix("") for path in _files(root)]
    folders = {name.parent.as_posix() for name in names if name.parent != Path()}
    return sorted({*folders, *(name.as_posix() for name in names)})


def tags() -> list[str]:
    """The tags of the catalogue and of the files in `scenarios/` of the current folder."""
    return sorted({tag for root in (resource("scenarios"), Path("scenarios")) for tag in _tags(root)})


def _tags(root: Path) -> Iterator[str]:
    for path in _files(root):
        text = path.read_text(encoding="utf-8", errors="replace")
        for block in (*_FLOW.findall(text), *_BLOCK.findall(text)):
            yield from re.findall(r"[\w.:/-]*\w", re.sub(r"^ +- ", "", block, flags=re.MULTILINE))


def _files(root: Path) -> list[Path]:
    return [path for ending in ("*.yaml", "*.yml") for path in root.rglob(ending)]
