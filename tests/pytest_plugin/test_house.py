"""The browsers of a test process: on a thread of their own, begun with the first case and ended with the house."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fake_browser import FakeEngine
from written_cases import POPUP, only, written

from isolab.engines.engine import EngineError
from isolab.pytest_plugin.house import House
from isolab.runner.events import CaseStarted, Event
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
