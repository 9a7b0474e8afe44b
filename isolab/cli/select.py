"""Which cases are meant: files, folders, ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import rich_click as click

from isolab.cli.errors import BadScenario
from isolab.reports.words import say
from isolab.resources import resource
from isolab.scenario.case import Case
from isolab.scenario.identity import split_id
from isolab.scenario.load import load_scenarios
from isolab.scenario.problem import ScenarioErrors
from isolab.scenario.there import holds

_ENDINGS = ("", ".yaml", ".yml")


def cases_at(targets: Sequence[str]) -> list[Case]:
    """Load the cases that `targets` name, each once, in that order; the whole catalogue where there are none.

    A target is a file, a folder, `FILE[parameters]`, the id of a case or scenario, or what the ids of a folder begin
    with: of this folder's, else of the catalogue. Raises BadScenario with every mistake of the files and every target
    that is none of those, and UsageError where there are only such targets.
    """
    paths = [Path(target) for target in targets if is_path(target)] if targets else [resource("scenarios")]
    names = [target for target in targets if not is_path(target)]
    cases: list[Case] = []
    problems: list[str] = []
    strangers: list[str] = []
    for load in (partial(load_scenarios, paths), *(partial(_named, name) for name in names)):
        try:
            cases += load()
        except ScenarioErrors as error:
            problems += map(str, error.problems)
        except _Stranger as error:
            strangers.append(str(error))
    _complain(problems, strangers)
    return list({case.id: case for case in cases}.values())


def cases_called(ids: Iterable[str]) -> list[Case]:
    """Load the cases with these ids, of this folder or the catalogue; those that are not there any more are left out.

    Raises BadScenario with every mistake of their files.
    """
    names = sorted({split_id(id_)[0] for id_ in ids})
    there = [name for name in names if any(files_of(name))]
    # No targets would be the whole catalogue.
    return cases_at(there) if there else []


def _complain(problems: Sequence[str], strangers: Sequence[str]) -> None:
    """Raise for all that is wrong, each thing told once, if anything is."""
    if problems:
        told = [*problems, *(f"error: {stranger}" for stranger in strangers)]
        raise BadScenario("\n\n".join(dict.fromkeys(told)))
    if strangers:
        raise click.UsageError("\nerror: ".join(dict.fromkeys(strangers)))


def scenario_id(case: Case) -> str:
    """Give the case's id without the parameters in brackets."""
    return split_id(case.id)[0]


class _Stranger(Exception):  # noqa: N818 - it is what was found, not what went wrong in the program
    """A target that is neither a path nor an id; the message says so, and what may have been meant."""


def is_path(target: str) -> bool:
    """Whether a target is a file or folder that is there."""
    # pathlib takes an empty name for the current folder.
    return target != "" and holds(Path(target).exists)


def _named(target: str) -> list[Case]:
    """Load the cases of an id. Raises ScenarioErrors or _Stranger."""
    name, parameters = split_id(target)
    near: list[str] = []
    for file in files_of(name):
        cases = load_scenarios([file])
        found = [case for case in cases if parameters in ("", split_id(case.id)[1])]
        if found:
            return found
        near += [case.id.replace(scenario_id(case), name, 1) for case in cases]
    raise _Stranger(f"{say(target)} is neither a file or folder nor an id{_hint(target, near)}")


def files_of(name: str) -> Iterator[Path]:
    """Find the files and folders that an id can stand for.

    Ids are told from the folder `scenarios` or from the current one. What the ids of a whole folder begin with stands
    for that folder.
    """
    for root in (Path(), Path("scenarios"), resource("scenarios")):
        candidates = (root / f"{name}{ending}" for ending in _ENDINGS)
        yield from (file for file in candidates if holds(file.is_file) or (holds(file.is_dir) and name.strip("./")))


def _hint(target: str, names: Iterable[str]) -> str:
    known = list(names) or [*_beside(target), *_in_the_catalogue()]
    near = get_close_matches(target, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _in_the_catalogue() -> Iterator[str]:
    root = resource("scenarios")
    files = (file.relative_to(root) for ending in _ENDINGS[1:] for file in root.rglob(f"*{ending}"))
    yield from (file.with_suffix("").as_posix() for file in files)


def _beside(target: str) -> Iterator[str]:
    """The scenario files where the target would be, if it is written as a file or in a folder."""
    folder = Path(target).parent
    if holds(folder.is_dir) and (folder != Path() or target.endswith(_ENDINGS[1:])):
        yield from (str(file) for ending in _ENDINGS[1:] for file in folder.glob(f"*{ending}"))
