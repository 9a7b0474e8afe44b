"""Which cases are meant: paths, ids of the catalogue, text, tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

import rich_click as click

from isolab.cli.errors import BadScenario
from isolab.resources import resource
from isolab.scenario.case import Case
from isolab.scenario.load import load_scenarios
from isolab.scenario.problem import ScenarioErrors


def cases_at(targets: Sequence[str]) -> list[Case]:
    """Load the cases that `targets` name, each once, in that order; the whole catalogue where there are none.

    A target is a file, a folder, `FILE[parameters]`, or the id of a case or scenario of the catalogue. Raises
    BadScenario with every mistake of the files, and UsageError for a target that is none of those.
    """
    if not targets:
        return _load([resource("scenarios")])
    paths = [Path(target) for target in targets if Path(target).exists()]
    ids = [target for target in targets if not Path(target).exists()]
    # One call for all paths, so that the mistakes of all files are told at once.
    cases = _load(paths) if paths else []
    for target in ids:
        cases.extend(_named(target))
    return list({case.id: case for case in cases}.values())


def scenario_id(case: Case) -> str:
    """Give the case's id without the parameters in brackets."""
    return case.id.partition("[")[0]


def matching(cases: Iterable[Case], grep: str | None, tags: Collection[str]) -> list[Case]:
    """Keep the cases that hold the text in id or title (in any case) and have at least one of the tags."""
    text = (grep or "").casefold()
    return [
        case
        for case in cases
        if (text in case.id.casefold() or text in case.title.casefold()) and (not tags or set(tags) & set(case.tags))
    ]


def _named(target: str) -> list[Case]:
    name, bracket, parameters = target.partition("[")
    if bracket and Path(name).is_file():
        here = [case for case in _load([Path(name)]) if case.id.partition("[")[2] == parameters]
        return here or _unknown(target, [f"{name}[{case.id.partition('[')[2]}" for case in _load([Path(name)])])
    catalogue = _load([resource("scenarios")])
    found = [case for case in catalogue if target in (case.id, scenario_id(case))]
    return found or _unknown(target, [name for case in catalogue for name in (scenario_id(case), case.id)])


def _unknown(target: str, names: Iterable[str]) -> list[Case]:
    near = get_close_matches(target, list(dict.fromkeys(names)), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise click.UsageError(f"{target} is neither a file or folder nor an id of the catalogue{hint}")


def _load(paths: Sequence[Path]) -> list[Case]:
    try:
        return load_scenarios(paths)
    except ScenarioErrors as error:
        raise BadScenario(str(error)) from error
