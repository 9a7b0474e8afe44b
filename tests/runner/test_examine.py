from __future__ import annotations

from fake_browser import FakeEngine
from fake_pages import Ways
from written_cases import run

from isolab.engines.engine import EngineError
from isolab.runner.events import Enforcement
from isolab.runner.examine import examine


def test_each_engine_is_measured_or_says_why_not() -> None:
    sound, broken = FakeEngine(), FakeEngine(name="firefox", failures=[EngineError("no display")])
    hollow = FakeEngine(Ways(severs=False), name="webkit")
    found = run(examine([sound.engine, broken.engine, hollow.engine]))
    assert [engine.name for engine, _ in found] == ["chromium", "firefox", "webkit"]
    assert found[0][1] == Enforcement(True, True, True, True)
    assert found[1][1] == "no display"
    assert isinstance(found[2][1], Enforcement)
    assert found[2][1].severs is False
    assert [one.starts - one.closed for one in (sound, broken, hollow)] == [0, 1, 0]
