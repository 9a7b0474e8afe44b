"""The results file of a pytest run (`--isolab-json`); `isolab report` makes every other report from it.

Under pytest-xdist each process has results of its own: they come to the one that steers, which puts them together.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from isolab.reports import files, json_file
from isolab.reports.document import document
from isolab.reports.merge import merged
from isolab.reports.tally import Tally
from isolab.runner.result import EngineInfo

if TYPE_CHECKING:
    from isolab.engines.engine import Engine
    from isolab.pytest_plugin.house import House
    from isolab.reports.form import ResultsFile

_OUTPUT = "isolab_results"
"""The key under which pytest-xdist carries a process's results to the one that steers."""


class Results:
    """Collects what the cases of a run came to, and writes it at the end; raises UsageError where it could not."""

    def __init__(self, target: str) -> None:
        if (why := files.obstacle(target)) is not None:
            raise pytest.UsageError(f"--isolab-json: cannot write {target}: {why}")
        self._target = target
        self.tally = Tally()
        self._began = time.monotonic()
        self._nodes: list[Any] = []
        self._found: tuple[Engine, ...] = ()

    def know(self, engines: Iterable[Engine]) -> None:
        """Take the engines that may run: a case may be skipped in one that has not started by the end."""
        self._found = tuple(engines)

    def share_with(self, node: Any) -> None:
        """Remember another process, of pytest-xdist's (its WorkerController), that runs a part of the tests."""
        self._nodes.append(node)

    def finish(self, session: pytest.Session, house: House | None, *, interrupted: bool) -> None:
        """Write the file, or hand the results to the process that steers; pytest ends where it cannot be written."""
        self.tally.duration_s = time.monotonic() - self._began
        self._hear_out(house)
        self._name_engines()
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = json_file.render(document(self.tally))
            return
        self._count_left(session, interrupted=interrupted)
        others = list(self._handed_over())
        own = document(self.tally)
        try:
            files.write(self._target, json_file.render(_whole(own, others)))
        except OSError as error:
            why = f"--isolab-json: could not write {self._target}: {error.strerror or error}"
            pytest.exit(why, returncode=pytest.ExitCode.USAGE_ERROR)

    def _name_engines(self) -> None:
        used = {result.engine for result in self.tally.results}
        for engine in self._found:
            if engine.name in used:
                info = EngineInfo(engine.name, engine.version, engine.driver, engine.executable)
                self.tally.engines.setdefault(engine.name, info)

    def _hear_out(self, house: House | None) -> None:
        if house is not None:
            self.tally.notes.extend(house.notes)
            self.tally.unavailable.extend(house.unavailable)
            self.tally.defects.extend(house.defects)

    def _count_left(self, session: pytest.Session, *, interrupted: bool) -> None:
        """Say which cases were still to be run where pytest has stopped before its end (Ctrl-C, `-x`)."""
        self.tally.interrupted = interrupted
        if not (interrupted or session.shouldfail):
            return
        from isolab.pytest_plugin.items import left_over

        left = [item.isolab_engine for item in left_over(session)]
        self.tally.total = Counter([*(result.engine for result in self.tally.results), *left])
        self.tally.interrupted = interrupted or bool(left)

    def _handed_over(self) -> Iterator[ResultsFile]:
        """What the other processes have found out; that one has died is told."""
        for node in self._nodes:
            if isinstance(text := getattr(node, "workeroutput", {}).get(_OUTPUT), str):
                yield json.loads(text)
            else:
                why = f"the results of {node.gateway.id}: that process of pytest-xdist's died before it told them"
                self.tally.unavailable.append(why)


def _whole(own: ResultsFile, others: Sequence[ResultsFile]) -> ResultsFile:
    whole = merged([own, *others])
    # The others ran side by side, within this one's time.
    return {**whole, "started": own["started"], "duration_s": own["duration_s"]}
