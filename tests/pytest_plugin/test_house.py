"""The browsers of a test process: on a thread of their own, begun with the first case and ended with the house."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import NoReturn

import pytest
from fake_browser import FakeEngine
from written_cases import POPUP, only, written

from isolab.engines.engine import EngineError
from isolab.lab.server import PortError
from isolab.pytest_plugin.house import House
from isolab.runner.events import CaseStarted, Event
from isolab.runner.live import LiveRun
from isolab.runner.options import RunOptions

CASES = written(POPUP)
OPTIONS = RunOptions(timeout_s=5)


def is_begun(event: Event) -> bool:
    return isinstance(event, CaseStarted)


def _own_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "isolab"]


def test_one_browser_serves_all_that_are_asked() -> None:
    fake = FakeEngine()
    house = House([fake.engine], OPTIONS)
    assert (_own_threads(), fake.starts) == ([], 0)
    outcomes = [answer.result().outcome for answer in (*house.fly(CASES, "chromium"), *house.fly(CASES, "chromium"))]
    info = house.info("chromium")
    house.close()
    assert outcomes == ["passed"] * 4
    assert info is not None
    assert (_own_threads(), fake.starts, fake.closed) == ([], 1, 1)


def test_an_engine_that_is_not_here_is_told_to_who_asks() -> None:
    house = House([], OPTIONS)
    (answer,) = house.fly(CASES[:1], "webkit")
    with pytest.raises(EngineError, match="webkit was not found"):
        answer.result()
    house.close()


def test_what_still_runs_is_given_up_when_the_house_is_closed() -> None:
    fake = FakeEngine()
    # It waits for a word that never comes: were it not given up, it would come to a result.
    case = only("""
    title: Waits
    pages: {app: {}}
    flow: [open: app, {wait: app, says: never}]
    expect: {app.says.never: null}
    """)
    waits = threading.Event()
    house = House([fake.engine], RunOptions(timeout_s=20), lambda event: waits.set() if is_begun(event) else None)
    answers = house.fly([case, case], "chromium")
    assert waits.wait(20)
    house.close()
    house.close()
    assert [answer.cancelled() for answer in answers] == [True, True]
    assert (_own_threads(), fake.closed) == ([], 1)


def test_artifacts_that_could_not_be_kept_are_noted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    house = House([FakeEngine().engine], RunOptions(timeout_s=5, artifacts=tmp_path / "file" / "kept"))
    failing = written(POPUP.replace("popup.opener: severed", "popup.opener: preserved"))
    assert list(house.notes) == []
    assert [answer.result().outcome for answer in house.fly(failing, "chromium")] == ["passed", "failed"]
    house.close()
    (note,) = house.notes
    assert note.startswith("not all artifacts could be kept")


def test_a_lab_that_cannot_begin_is_told_to_who_asks_and_the_end_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isolab.runner.live.open_lab", _no_port)
    house = House([FakeEngine().engine], OPTIONS)
    for _ in range(2):
        with pytest.raises(PortError, match="no port is to be had"):
            house.fly(CASES, "chromium")
    house.close()
    assert (_own_threads(), house.unavailable, house.defects) == ([], ("no port is to be had",), ())


def _no_port() -> NoReturn:
    raise PortError("no port is to be had")


def test_what_goes_wrong_in_isolab_is_told_to_all_who_ask_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where it has no text."""
    monkeypatch.setattr(LiveRun, "fly", _defect)
    house = House([FakeEngine().engine], OPTIONS)
    for answer in house.fly(CASES, "chromium"):
        with pytest.raises(NotImplementedError):
            answer.result(20)
    house.close()
    (trace,) = house.defects
    assert trace.endswith("NotImplementedError\n")


def _defect(*_: object) -> NoReturn:
    raise NotImplementedError


def test_engines_that_were_not_here_are_remembered() -> None:
    house = House([], OPTIONS)
    answers = [*house.fly(CASES, "webkit"), *house.fly(CASES, "firefox")]
    house.close()
    assert {type(answer.exception()) for answer in answers} == {EngineError}
    assert house.unavailable == ("webkit was not found on this machine", "firefox was not found on this machine")
