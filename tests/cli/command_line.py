"""The command line in-process: real scenario files, made-up engines, and a run that tells what the test wants."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from isolab.cli import main
from isolab.engines.engine import Engine, EngineError, Launch, Session
from isolab.reports.terminal import Terminal
from isolab.runner.events import (
    CaseFinished,
    CaseStarted,
    Enforcement,
    EngineStarted,
    Listener,
    RunFinished,
    RunStarted,
)
from isolab.runner.options import RunOptions
from isolab.runner.result import CaseResult, CheckResult, EngineInfo, Outcome
from isolab.scenario.case import Case, EngineName

SCENARIO = """\
title: A popup keeps its opener
tags: [popup]
hosts:
  app:
pages:
  app:
    coop: ${{ app.coop }}
  popup:
    host: app
matrix:
  app.coop: [unsafe-none, same-origin]
flow:
  - open: app
  - popup: popup
expect:
  - popup.opener: preserved
"""


def _never_started(_launch: Launch) -> AbstractAsyncContextManager[Session]:
    raise AssertionError("no test of the command line starts a browser")


def an_engine(name: EngineName) -> Engine:
    """An engine that is only a name."""
    return Engine(name, "1.0", "playwright", f"/opt/{name}", False, "made up", _never_started)


def outcome_of(case: Case, engine: EngineName, outcome: Outcome) -> CaseResult:
    """A result with one check that fits the outcome."""
    ok = outcome not in ("failed", "error")
    check = CheckResult(case.checks[0], "preserved" if ok else "severed", None, ok=ok)
    return CaseResult(case, engine, outcome, 0.1, (check,))


@dataclass
class FakeRun:
    """Stands for `run_cases`; remembers what it was asked for."""

    outcome: Callable[[Case, EngineName], Outcome] = lambda _case, _engine: "passed"
    during: Callable[[], None] = lambda: None
    error: BaseException | None = None
    asked: list[Case] = field(default_factory=list)
    options: RunOptions | None = None
    engines: list[EngineName] = field(default_factory=list)

    async def __call__(
        self, cases: Sequence[Case], engines: Sequence[Engine], options: RunOptions, emit: Listener
    ) -> None:
        """Tell of a run; raise `error` once every result was told."""
        self.asked, self.options, self.engines = list(cases), options, [engine.name for engine in engines]
        infos = tuple(EngineInfo(one.name, one.version, one.driver, one.executable) for one in engines)
        emit(RunStarted(datetime(2026, 11, 22, tzinfo=UTC), infos, {info.name: len(cases) for info in infos}))
        for info in infos:
            emit(EngineStarted(info, Enforcement(True, True, True, True)))
            for case in cases:
                emit(CaseStarted(case, info.name))
                emit(CaseFinished(outcome_of(case, info.name, self.outcome(case, info.name))))
        self.during()
        if self.error is not None:
            raise self.error
        emit(RunFinished(1.5))


def break_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the listener that writes for people crash."""

    def broken(self: object, event: object) -> None:
        raise ZeroDivisionError("in terminal")

    monkeypatch.setattr(Terminal, "__call__", broken)


@dataclass
class CommandLine:
    """An empty folder to work in, with one scenario file, and the engines that are to be found."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    run: FakeRun = field(default_factory=FakeRun)
    out: str = ""
    err: str = ""
    headed: bool = False
    """Whether engines were last looked for that can show their windows."""

    def __post_init__(self) -> None:
        self.monkeypatch.chdir(self.folder)
        self.monkeypatch.setenv("NO_COLOR", "1")
        self.write("popup.yaml", SCENARIO)
        self.find("chromium", "firefox")
        self.monkeypatch.setattr("isolab.cli.execute.run_cases", self._run_cases)

    def _run_cases(
        self, cases: Sequence[Case], engines: Sequence[Engine], options: RunOptions, emit: Listener
    ) -> Coroutine[object, object, None]:
        # Looked up late: a test may put another run in this place.
        return self.run(cases, engines, options, emit)

    def write(self, name: str, text: str) -> None:
        """Write a file of the folder."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def find(self, *names: EngineName) -> None:
        """Let these engines be found."""

        def find_engines(wanted: Collection[str] | None = None, *, headed: bool = False) -> list[Engine]:
            self.headed = headed
            return [an_engine(name) for name in names if wanted is None or name in wanted]

        self.monkeypatch.setattr("isolab.cli.choose.find_engines", find_engines)

    def find_none(self, why: str) -> None:
        """Let the search for engines itself fail."""

        def find_engines(_wanted: Collection[str] | None = None, *, headed: bool = False) -> list[Engine]:
            raise EngineError(why)

        self.monkeypatch.setattr("isolab.cli.choose.find_engines", find_engines)

    def pipe(self, text: str) -> None:
        """Let standard input be this text, each character a byte."""
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("latin-1"))))

    def __call__(self, *arguments: str) -> int:
        """Run the command; gives the exit code and keeps `out` and `err`."""
        with pytest.raises(SystemExit) as end:
            main(arguments)
        self.out, self.err = self.capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code
