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


@pytest.mark.parametrize(
    ("ways", "found"),
    [
        (Ways(mute=frozenset({"app", "popup"})), (None, None, None, None)),
        (Ways(mute=frozenset({"popup"})), (None, None, True, True)),
        (Ways(deaf=frozenset({"popup"})), (None, True, True, True)),
    ],
)
def test_what_nobody_saw_is_not_measured_and_no_word_against_the_engine(
    ways: Ways, found: tuple[bool | None, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate, "TIMEOUT_S", 0.4)
    seen = calibrated(ways)
    assert (seen.keeps_opener, seen.severs, seen.isolates, seen.shares_memory) == found
    assert len(seen.detail) == found.count(None)
    assert all("was not seen" in sentence and "(within 0.4 s)" in sentence for sentence in seen.detail)
