from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from fake_playwright import FakeContext
from written_cases import run

from isolab.engines import playwright, playwright_slot
from isolab.engines.engine import EngineError, Launch
from isolab.engines.playwright import PlaywrightSession


@pytest.mark.parametrize("headed", [False, True])
def test_a_browser_is_started_with_its_windows_to_be_seen_or_not(monkeypatch: pytest.MonkeyPatch, headed: bool) -> None:
    asked: list[dict[str, object]] = []
    browser = FakeContext()

    async def launch(**options: object) -> FakeContext:
        asked.append(options)
        return browser

    @asynccontextmanager
    async def driver() -> AsyncIterator[SimpleNamespace]:
        engines = SimpleNamespace(chromium=None, firefox=SimpleNamespace(launch=launch), webkit=None)
        yield SimpleNamespace(playwright=engines, remember=lambda: None)

    async def whole() -> None:
        async with playwright.start("firefox", {"channel": "moz-firefox"}, Launch(1, "spki", headed)):
            assert not browser.ended
        assert browser.ended

    monkeypatch.setattr(playwright, "driver", driver)
    run(whole())
    assert asked == [{"headless": not headed, "channel": "moz-firefox"}]


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
