"""What the command line names, as places that change: which file belongs to which target, and its cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from isolab.cli.select import files_of, is_path
from isolab.resources import resource
from isolab.scenario.case import Case
from isolab.scenario.identity import split_id
from isolab.scenario.load import load_scenarios
from isolab.scenario.select import find_files


@dataclass(frozen=True, slots=True)
class Target:
    """A file or folder as it was named; `parameters` are those of the one case that is meant, "" for all."""

    place: Path
    parameters: str = ""

    def named(self, file: Path) -> Path | None:
        """Name a file (absolute, links resolved) as this target does; None where it is none of its scenario files."""
        place = self.place.resolve()
        if file == place:
            return self.place
        if file.suffix in (".yaml", ".yml") and self.place.is_dir() and file.is_relative_to(place):
            return self.place / file.relative_to(place)
        return None

    def cases(self, file: Path) -> list[Case]:
        """Load the cases of a file, named as this target names it, that are meant. Raises ScenarioErrors."""
        cases = load_scenarios([file])
        return [case for case in cases if self.parameters in ("", split_id(case.id)[1])]


def targets_at(names: Sequence[str]) -> list[Target]:
    """Find what the names stand for (none: the catalogue), as `isolab.cli.select.cases_at` does, which also complains.

    A name that stands for nothing is left out.
    """
    return [target for name in names for target in _target(name)] if names else [Target(resource("scenarios"))]


def _target(name: str) -> list[Target]:
    if is_path(name):
        return [Target(Path(name))]
    id_, parameters = split_id(name)
    return [Target(place, parameters) for place in islice(files_of(id_), 1)]


class Contents:
    """What the targets' files held when last looked at: an editor touches a file more often than it changes it."""

    def __init__(self, targets: Iterable[Target]) -> None:
        files, _ = find_files([target.place for target in targets])
        self._held = {file.resolve(): _read(file) for file in files}

    def changed(self, file: Path) -> bool:
        """Whether the file is there and holds something else than when last asked."""
        held = _read(file)
        before, self._held[file] = self._held.get(file), held
        return held is not None and held != before


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
