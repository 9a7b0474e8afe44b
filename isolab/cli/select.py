"""Which cases are meant: files, folders, ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import rich_click as click

from isolab.cli.errors import BadScenario
from isolab.resources import resource
from isolab.scenario.case import Case
from isolab.scenario.load import load_scenarios
from isolab.scenario.problem import ScenarioErrors

_ENDINGS = ("", ".yaml", ".yml")


def cases_at(targets: Sequence[str]) -> list[Case]:
    """Load the cases that `targets` name, each once, in that order; the whole catalogue where there are none.

    A target is a file, a folder, `FILE[parameters]`, or the id of a case or scenario: of this folder's, else of the
    catalogue. Raises BadScenario with every mistake of the files, and UsageError for a target that is none of those.
    """
    if not targets:
        return _load([resource("scenarios")])
    paths = [Path(target) for target in targets if Path(target).exists()]
    # One call for all paths, so that the mistakes of all files are told at once.
    cases = _load(paths) if paths else []
    for target in targets:
        if not Path(target).exists():
            cases += _named(target)
    return list({case.id: case for case in cases}.values())


def scenario_id(case: Case) -> str:
    """Give the case's id without the parameters in brackets."""
    return case.id.partition("[")[0]


def _named(target: str) -> list[Case]:
    name, _, parameters = target.partition("[")
    near: list[str] = []
    for file in _files(name):
        cases = _load([file])
        found = [case for case in cases if not parameters or case.id.partition("[")[2] == parameters]
        if found:
            return found
        near += [case.id.replace(scenario_id(case), name, 1) for case in cases]
    raise click.UsageError(f"{target} is neither a file or folder nor an id{_hint(target, near)}")


def _files(name: str) -> Iterator[Path]:
    """Find the files that an id can stand for: ids are told from the folder `scenarios` or from the current one."""
    for root in (Path(), Path("scenarios"), resource("scenarios")):
        candidates = (root / f"{name}{ending}" for ending in _ENDINGS)
        yield from (file for file in candidates if file.is_file())


def _hint(target: str, names: Iterable[str]) -> str:
    known = list(names)
    if not known:
        root = resource("scenarios")
        files = (file.relative_to(root) for ending in _ENDINGS[1:] for file in root.rglob(f"*{ending}"))
        known = [file.with_suffix("").as_posix() for file in files]
    near = get_close_matches(target, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _load(paths: Sequence[Path]) -> list[Case]:
    try:
        return load_scenarios(paths)
    except ScenarioErrors as error:
        raise BadScenario(str(error)) from error
