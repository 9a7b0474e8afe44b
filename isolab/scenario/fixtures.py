"""The fixtures that a page can name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from pathlib import PurePath

from isolab.resources import resource

PROVIDER = "_provider-*"
"""What the pages of the sign-in provider are called, as a pattern."""


class Fixtures:
    """The folder of fixtures, read when it is first asked for."""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What a file may write -> the fixture's name: its file name without the ending, where that is unique.

        Raises FileNotFoundError when the installation lacks the folder.
        """
        files = sorted(path.name for path in resource("fixtures").iterdir() if path.is_file() and is_page(path.name))
        stems = Counter(PurePath(file).stem for file in files)
        names = {file: _name(file, stems) for file in files}
        return names | {name: name for name in names.values()}


def fixture_text(name: str) -> str:
    """The text of a fixture, or of all that match a pattern, as far as it is text; "" where there is none."""
    folder = resource("fixtures")
    files = sorted({*folder.glob(name), *folder.glob(f"{name}.*")})
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def is_page(file: str) -> bool:
    """Whether a fixture file is something a page can serve: not the probe, nor what only isolab shows (`_...`)."""
    return not file.startswith(("_", ".", "probe"))


def _name(file: str, stems: Counter[str]) -> str:
    stem = PurePath(file).stem
    return stem if stems[stem] == 1 else file
