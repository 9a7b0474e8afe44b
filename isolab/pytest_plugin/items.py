"""A scenario file as a collector, and each of its cases in each engine as a test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from isolab.pytest_plugin import house_of, options
from isolab.pytest_plugin.verdict import NotAsExpected, conclude
from isolab.scenario.case import Case, EngineName
from isolab.scenario.identity import split_id
from isolab.scenario.load import load_scenarios
from isolab.scenario.problem import ScenarioErrors

if TYPE_CHECKING:
    from isolab.pytest_plugin.house import Answer


class ScenarioFile(pytest.File):
    """Collects `path::case[engine]`; a mistake in the file is a collection error with the excerpt."""

    def collect(self) -> Iterator[pytest.Item]:
        try:
            cases = load_scenarios([_as_shown(self.path)])
        except ScenarioErrors as error:
            raise self.CollectError("\n\n".join(map(str, error.problems))) from None
        for case in cases:
            for engine in options.engine_names(self.config):
                name = f"{_short(case)}[{engine}]"
                # As text, because pytest 9 takes brackets in a bare name for something else than those of a saved id.
                nodeid = f"{self.nodeid}::{name}"
                yield ScenarioItem.from_parent(self, name=name, nodeid=nodeid, case=case, engine=engine)


def _as_shown(path: Path) -> Path:
    """As pytest shows paths and `isolab run` does: from where it was started, if the file is below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _short(case: Case) -> str:
    """The matrix values, or the scenario's own name where it has none."""
    name, parameters = split_id(case.id)
    return parameters[1:-1] or name.rpartition("/")[2].removesuffix(".isolab")


_SKIPPING = ("skip", "skipif", "xfail")
"""pytest's own marks by which a test may not be run; whether it is, is known at its turn."""

_NAMES: pytest.StashKey[dict[str, bool]] = pytest.StashKey()


def _only_a_name(mark: str, config: pytest.Config) -> bool:
    """Whether a mark only names tests. One that takes arguments, as `skip` does, is an instruction to somebody."""
    known = config.stash.setdefault(_NAMES, {})
    if mark not in known:
        known[mark] = not any(line.startswith(f"{mark}(") for line in config.getini("markers"))
        if known[mark]:
            # Known from now on, so that --strict-markers does not refuse what a scenario file says.
            config.addinivalue_line("markers", f"{mark}: a tag of a scenario")
    return known[mark]


class ScenarioItem(pytest.Item):
    """One case in one engine. The scenario's tags are marks, as far as they can be."""

    def __init__(self, *, case: Case, engine: EngineName, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        self.isolab_engine = engine
        self.answer: Answer | None = None
        self.taken = False
        self.has_had_its_turn = False
        self.add_marker("isolab")
        for tag in case.tags:
            self._tag(tag)
        self.extra_keyword_matches.update(case.tags)

    def _tag(self, tag: str) -> None:
        # pytest has no mark that begins with a `_`.
        mark = re.sub(r"\W", "_", tag).lstrip("_")
        if mark.isidentifier() and _only_a_name(mark, self.config):
            self.add_marker(mark)

    def runtest(self) -> None:
        """Run it. The first item has all that are selected run side by side, unless other processes share them."""
        first_time = self.answer is None
        if first_time or self.taken:
            # By itself, so that it goes first: what limits the time of a test does not know that others are begun.
            self._fly([self])
        if first_time and not hasattr(self.config, "workerinput"):  # pytest-xdist's, of a process that runs a part
            self._fly(waiting(self.session))
        assert self.answer is not None  # noqa: S101  begun above
        # Once: where a plugin runs the item again, it is to be flown again.
        self.taken = True
        result = self.answer.result()
        self.user_properties.append(("isolab_outcome", result.outcome))
        conclude(result, house_of(self.config).info(self.isolab_engine))

    def _fly(self, items: Sequence[ScenarioItem]) -> None:
        for engine, ours in _by_engine(items).items():
            answers = house_of(self.config).fly([item.case for item in ours], engine)
            for item, answer in zip(ours, answers, strict=True):
                item.answer, item.taken = answer, False

    @property
    def waits(self) -> bool:
        """Whether it is still to be run, as far as can be told before its turn."""
        return self.answer is None and not self.has_had_its_turn and not self._may_be_skipped()

    @property
    def given_up(self) -> bool:
        """Whether it was begun, and the session ended before it did."""
        return self.answer is not None and self.answer.cancelled()

    def _may_be_skipped(self) -> bool:
        return any(map(self.get_closest_marker, _SKIPPING)) or bool(options.why_skipped(self, self.isolab_engine))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, NotAsExpected):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, 0, self.name


def waiting(session: pytest.Session) -> list[ScenarioItem]:
    """The cases of a session whose turn is still to come, but for those that a mark may have skipped."""
    return [item for item in _cases(session) if item.waits]


def left_over(session: pytest.Session) -> list[ScenarioItem]:
    """Once a session has stopped early: the cases that have no result."""
    return [item for item in _cases(session) if item.waits or item.given_up]


def _cases(session: pytest.Session) -> list[ScenarioItem]:
    # There are none yet where it ended before it collected.
    return [item for item in getattr(session, "items", ()) if isinstance(item, ScenarioItem)]


def _by_engine(items: Sequence[ScenarioItem]) -> dict[EngineName, list[ScenarioItem]]:
    found: dict[EngineName, list[ScenarioItem]] = {}
    for item in items:
        found.setdefault(item.isolab_engine, []).append(item)
    return found
