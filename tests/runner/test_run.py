from __future__ import annotations

import pytest
from fake_browser import FakeEngine
from flying import Told, ran
from written_cases import POPUP, run, written

from isolab.lab import server
from isolab.runner import run as runner
from isolab.runner.events import RunFinished, RunStarted
from isolab.runner.options import RunOptions


def test_nothing_to_do_is_a_run_too() -> None:
    told = ran([])
    assert [type(event).__name__ for event in told.events] == ["RunStarted", "EngineStarted", "RunFinished"]


def test_every_engine_gets_every_case() -> None:
    told = ran(written(POPUP), FakeEngine(), FakeEngine(name="webkit"))
    assert {(r.engine, r.outcome) for r in told.results} == {("chromium", "passed"), ("webkit", "passed")}
    assert len(told.results) == 4
    (start,) = told.of(RunStarted)
    assert isinstance(start, RunStarted)
    assert start.started.tzinfo is not None


def test_no_port_is_no_defect_and_the_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_port() -> None:
        raise server.PortError("no port")

    monkeypatch.setattr(runner, "open_lab", no_port)
    told = Told()
    with pytest.raises(server.PortError):
        run(runner.run_cases(written(POPUP), [FakeEngine().engine], RunOptions(), told))
    assert isinstance(told.events[-1], RunFinished)
    assert (told.end.defect, told.end.interrupted) == (None, False)
