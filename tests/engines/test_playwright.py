from __future__ import annotations

import pytest
from fake_playwright import FakeContext
from written_cases import run

from isolab.engines import playwright_slot
from isolab.engines.engine import EngineError, Launch
from isolab.engines.playwright import PlaywrightSession


def test_a_browser_with_a_window_that_stays_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playwright_slot, "STOP_S", 0.05)

    async def whole() -> None:
        browser = FakeContext()
        session = PlaywrightSession(browser, Launch(1, "spki"))  # type: ignore[arg-type]
        slot = await session.slot()
        await slot.open("https://b.example/")
        browser.pages[1].may_close.clear()
        with pytest.raises(EngineError, match="did not close a window"):
            await slot.clear()
        await session.close()
        assert browser.ended

    run(whole())
