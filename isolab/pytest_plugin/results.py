"""The results file of a pytest run (`--isolab-json`); `isolab report` makes every other report from it.

Under pytest-xdist each process has results of its own: they come to the one that steers, which puts them together.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from isolab.reports import files, json_file
from isolab.reports.document import document
from isolab.reports.merge import merged
from isolab.reports.tally import Tally
from isolab.runner.result import EngineInfo

if TYPE_CHECKING:
    from isolab.engines.engine import Engine
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
        self._others: list[ResultsFile] = []
        self._found: tuple[Engine, ...] = ()

    def know(self, engines: Iterable[Engine]) -> None:
        """Take the engines that may run: a case may be skipped in one that has not started by the end."""
        self._found = tuple(engines)

    def take(self, output: dict[str, object]) -> None:
        """Take in what another process has found out; one that died has left nothing."""
        if isinstance(text := output.get(_OUTPUT), str):
            self._others.append(json.loads(text))

    def finish(self, config: pytest.Config, *, interrupted: bool, notes: Iterable[str] = ()) -> None:
        """Write the file, or hand the results to the process that steers; pytest ends where it cannot be written."""
        self.tally.duration_s = time.monotonic() - self._began
        self.tally.interrupted = interrupted
        self.tally.notes.extend(notes)
        self._name_engines()
        own = document(self.tally)
        output = getattr(config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = json_file.render(own)
            return
        try:
            files.write(self._target, json_file.render(self._whole(own)))
        except OSError as error:
            why = f"--isolab-json: could not write {self._target}: {error.strerror or error}"
            pytest.exit(why, returncode=pytest.ExitCode.USAGE_ERROR)

    def _name_engines(self) -> None:
        used = {result.engine for result in self.tally.results}
        for engine in self._found:
            if engine.name in used:
                info = EngineInfo(engine.name, engine.version, engine.driver, engine.executable)
                self.tally.engines.setdefault(engine.name, info)

    def _whole(self, own: ResultsFile) -> ResultsFile:
        # The others ran side by side, within this one's time.
        whole = merged([own, *self._others])
        return {**whole, "started": own["started"], "duration_s": own["duration_s"]}
