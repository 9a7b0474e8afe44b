from __future__ import annotations

import pytest
from fake_browser import FakeSession
from fake_pages import Ways
from written_cases import run

from isolab.engines.engine import Launch
from isolab.lab.server import open_lab
from isolab.runner import calibrate
from isolab.runner.events import Enforcement


def calibrated(ways: Ways) -> Enforcement:
    async def work() -> Enforcement:
        async with open_lab() as lab:
            session = FakeSession(Launch(lab.port, lab.authority.spki), ways)
            try:
                return await calibrate.calibrate(lab, await session.slot(), "chromium")
            finally:
                await session.close()

    return run(work())


def test_a_sound_engine() -> None:
    assert calibrated(Ways()) == Enforcement(True, True, True, True)


@pytest.mark.parametrize(
    ("ways", "found", "word"),
    [
        (Ways(severs=False), (True, False, True, True), "does not enforce COOP"),
        (Ways(keeps=False), (False, True, True, True), "keeps no opener link"),
        (Ways(isolates=False), (True, True, False, False), "does not isolate"),
    ],
)
def test_what_an_engine_does_not_do_is_found_and_told(ways: Ways, found: tuple[bool, ...], word: str) -> None:
    enforcement = calibrated(ways)
    seen = (enforcement.keeps_opener, enforcement.severs, enforcement.isolates, enforcement.shares_memory)
    assert seen == found
    assert word in " ".join(enforcement.detail)
    assert len(enforcement.detail) == found.count(False)


def test_an_engine_that_shows_nothing_does_nothing_and_is_no_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrate, "TIMEOUT_S", 0.2)
    found = calibrated(Ways(mute=frozenset({"app", "popup"})))
    assert (found.keeps_opener, found.severs, found.isolates, found.shares_memory) == (False, False, False, False)
