from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest
from fake_playwright import FakeContext, FakePage
from playwright.async_api import Error
from written_cases import run

from isolab.engines import playwright_slot
from isolab.engines.engine import EngineError, Shown, Spot, WindowGone
from isolab.engines.playwright_slot import PlaywrightSlot

SPOT = Spot("#x", 3, 4)


def shown(url: str) -> Shown:
    return Shown(url, "g1-1")


World = tuple[PlaywrightSlot, FakeContext, FakePage]


def in_world(work: Callable[[PlaywrightSlot, FakeContext, FakePage], Coroutine[object, object, None]]) -> None:
    """Run in a slot with its own window and one more, at https://b.example/."""

    async def whole() -> None:
        context = FakeContext()
        slot = PlaywrightSlot(context, await context.new_page())  # type: ignore[arg-type]
        await slot.open("https://b.example/")
        await work(slot, context, context.pages[1])

    run(whole())


def test_a_navigation_that_fails_is_a_note_and_one_whose_browser_is_gone_an_error() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        context.pages[0].fails = other.fails = "net::ERR_BLOCKED_BY_RESPONSE"
        await slot.show("https://a.example/")
        await slot.go(shown("https://b.example/"), "https://c.example/", 1)
        assert slot.console() == ("[navigation] net::ERR_BLOCKED_BY_RESPONSE",) * 2
        context.connected = False
        for command in (slot.show("https://a.example/"), slot.go(shown("https://b.example/"), "https://c.example/", 1)):
            with pytest.raises(EngineError, match="the browser ended"):
                await command

    in_world(work)


def test_where_the_driver_itself_has_died_the_engine_is_lost() -> None:
    # Playwright raises a bare Exception then, and still calls the browser connected.
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        context.driver_died = True
        b = "https://b.example/"
        for command in (
            slot.show("https://a.example/"),
            slot.go(shown(b), b, 1),
            slot.click(shown(b), SPOT, 1),
            slot.close(shown(b), 1),
        ):
            with pytest.raises(EngineError, match=r"Playwright's driver ended: Browser\.close: Connection closed"):
                await command

    in_world(work)


def test_a_window_that_goes_away_over_a_click_is_gone_and_one_that_stays_was_not_hit() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        other.fails = "Timeout 10ms exceeded."
        with pytest.raises(TimeoutError, match=r"^Timeout 10ms exceeded.$"):
            await slot.click(shown("https://b.example/"), SPOT, 30)
        other.vanishes = True
        with pytest.raises(WindowGone):
            await slot.click(shown("https://b.example/"), SPOT, 30)

    in_world(work)


def test_a_window_that_nobody_shows_is_a_timeout() -> None:
    async def work(slot: PlaywrightSlot, _context: FakeContext, _other: FakePage) -> None:
        x = shown("https://x.example/")
        for command in (slot.click(x, SPOT, 0.05), slot.go(x, x.url, 0.05), slot.close(x, 0.05)):
            with pytest.raises(TimeoutError, match=r"no window shows https://x\.example/"):
                await command

    in_world(work)


def test_a_driver_that_dies_while_windows_are_asked_is_a_lost_engine() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        context.pages[0].url = other.url
        context.driver_died = True
        with pytest.raises(EngineError, match="Playwright's driver ended"):
            await slot.close(shown("https://b.example/"), 1)

    in_world(work)


def test_a_window_that_comes_while_another_is_closed_is_closed_as_well() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        other.may_close.clear()
        clearing = asyncio.create_task(slot.clear())
        await asyncio.wait({clearing}, timeout=0.01)
        late = await context.new_page()
        other.may_close.set()
        await clearing
        assert late.closed
        assert (slot.knows_of(1), slot.knows_of(2)) == (True, False)

    in_world(work)


def test_clear_ends_where_a_page_opens_windows_without_end() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        def grow(page: FakePage) -> None:
            async def close() -> None:
                page.closed = True
                grow(await context.new_page())

            page.close = close  # type: ignore[method-assign]

        grow(other)
        await slot.clear()
        assert len(await slot.windows()) == 2

    in_world(work)


def test_clear_is_over_when_the_windows_are_closed() -> None:
    async def work(slot: PlaywrightSlot, _context: FakeContext, other: FakePage) -> None:
        other.may_close.clear()
        clearing = asyncio.create_task(slot.clear())
        await asyncio.wait({clearing}, timeout=0.05)
        assert not clearing.done()
        other.may_close.set()
        await clearing
        assert other.closed
        assert [window.url for window in await slot.windows()] == ["about:blank"]

    in_world(work)


def test_a_window_is_known_once_playwright_has_told_of_it_and_until_the_case_is_over() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        assert (slot.knows_of(2), slot.knows_of(3)) == (True, False)
        other.closed = True
        assert slot.knows_of(2), "that it has closed again does not matter"
        await slot.clear()
        assert (slot.knows_of(1), slot.knows_of(2)) == (True, False)
        await context.new_page()
        assert slot.knows_of(2)

    in_world(work)


def test_what_a_case_may_have_left_is_left_and_forgotten() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        await slot.show("https://a.example/")
        await slot.forget()
        assert (context.pages[0].url, context.cookies_dropped) == ("about:blank", 1)
        context.pages[0].closed = True
        context.pages[0].url = "https://closed.example/"
        await slot.forget()
        assert (context.pages[0].url, context.cookies_dropped) == ("https://closed.example/", 2)

    in_world(work)


def test_a_slot_whose_own_window_was_closed_gets_another() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        context.pages[0].closed = True
        await slot.clear()
        await slot.show("https://a.example/")
        assert [window.url for window in await slot.windows()] == ["https://a.example/"]
        context.pages[-1].closed = context.fails = True
        with pytest.raises(EngineError, match="does not open a window: Target closed"):
            await slot.clear()

    in_world(work)


def test_a_picture_is_of_the_window_that_was_listed_though_others_close() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        await slot.open("https://c.example/")
        handles = [window.handle for window in await slot.windows()]
        context.pages.remove(other)
        assert await slot.screenshot(handles[2]) == b"https://c.example/"
        with pytest.raises(EngineError, match="the window is closed"):
            await slot.screenshot(handles[1])
        context.pages[-1].fails = "it crashed"
        with pytest.raises(EngineError, match="it crashed"):
            await slot.screenshot(handles[2])

    in_world(work)


def test_what_pages_and_requests_say_is_kept_until_the_next_case() -> None:
    class Said:
        type, text, url, failure = "error", "boom", "https://a.example/x", "net::ERR_FAILED"

    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        context.listeners["console"](Said())
        context.listeners["requestfailed"](Said())
        assert slot.console() == ("[error] boom", "[request failed] https://a.example/x net::ERR_FAILED")
        await slot.clear()
        assert slot.console() == ()

    in_world(work)


# --- renderers that crash ---------------------------------------------------------------------------------------------


def test_a_crash_is_on_record_and_the_next_case_has_another_window_of_the_slots_own() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        own = context.pages[0]
        await slot.show("https://a.example/")
        own.crash()
        assert slot.console() == ("[crash] the page's renderer crashed: https://a.example/",)
        assert len(await slot.windows()) == 2, "a window that crashed is still open"
        await slot.clear()
        assert slot.console() == ()
        await slot.show("https://next.example/")
        assert (own.closed, other.closed) == (True, True)
        assert [window.url for window in await slot.windows()] == ["https://next.example/"]
        assert slot.console() == ()

    in_world(work)


def test_a_popup_that_crashed_is_closed_as_others_are_and_the_slot_keeps_its_own_window() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        other.crash()
        assert slot.console() == ("[crash] the page's renderer crashed: https://b.example/",)
        await slot.clear()
        await slot.show("https://next.example/")
        assert (other.closed, context.pages[0].url, len(context.pages)) == (True, "https://next.example/", 2)

    in_world(work)


def test_word_of_a_crash_that_comes_late_costs_the_next_case_nothing() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        own = context.pages[0]
        await slot.clear()

        async def crash(url: str, **_: object) -> None:
            own.crash()
            raise Error("Page crashed")

        own.goto = crash  # type: ignore[method-assign]
        told: list[str] = []
        slot.on_crash(told.append)
        await slot.show("https://next.example/")
        assert (own.closed, told) == (True, [])
        assert [window.url for window in await slot.windows()] == ["https://next.example/"]

    in_world(work)


def test_a_page_that_crashes_as_soon_as_it_has_come_is_told() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        own = context.pages[0]

        async def come_and_crash(url: str, **_: object) -> None:
            own.url = url
            own.crash()

        own.goto = come_and_crash  # type: ignore[method-assign]
        told: list[str] = []
        slot.on_crash(told.append)
        await slot.show("https://next.example/")
        assert told == ["https://next.example/"]

    in_world(work)


def test_a_window_that_replaced_a_crashed_one_may_crash_too() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        for number in range(2):
            context.pages[-1 if number else 0].crash()
            await slot.clear()
            await slot.show(f"https://{number}.example/")
            assert [window.url for window in await slot.windows()] == [f"https://{number}.example/"]

    in_world(work)


# --- deadlines --------------------------------------------------------------------------------------------------------


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playwright_slot, "START_S", 0.05)
    monkeypatch.setattr(playwright_slot, "STOP_S", 0.05)


@pytest.mark.usefixtures("_impatient")
def test_a_window_that_does_not_open_in_time_is_a_lost_browser() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        context.may_open.clear()
        context.pages[0].closed = True
        async with asyncio.timeout(5):
            for command in (slot.open("https://c.example/"), slot.clear()):
                with pytest.raises(EngineError, match=r"the browser opened no window within 0\.05 s"):
                    await command

    in_world(work)


@pytest.mark.usefixtures("_impatient")
def test_a_navigation_that_is_never_answered_is_a_lost_browser() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        async def never(url: str, **_: object) -> None:
            await asyncio.Event().wait()

        context.pages[0].goto = never  # type: ignore[method-assign]
        async with asyncio.timeout(5):
            with pytest.raises(EngineError, match=r"the browser did not answer to a navigation within 0\.05 s"):
                await slot.show("https://a.example/")

    in_world(work)


@pytest.mark.usefixtures("_impatient")
def test_a_window_that_a_person_closes_and_that_stays_is_a_lost_browser() -> None:
    async def work(slot: PlaywrightSlot, _context: FakeContext, other: FakePage) -> None:
        other.may_close.clear()
        async with asyncio.timeout(5):
            with pytest.raises(EngineError, match=r"the browser did not close a window within 0\.05 s"):
                await slot.close(shown("https://b.example/"), 1)

    in_world(work)


@pytest.mark.usefixtures("_impatient")
def test_a_window_that_clear_cannot_close_is_a_lost_browser() -> None:
    async def work(slot: PlaywrightSlot, _context: FakeContext, other: FakePage) -> None:
        other.may_close.clear()
        async with asyncio.timeout(5):
            with pytest.raises(EngineError, match=r"the browser did not close a window within 0\.05 s"):
                await slot.clear()

    in_world(work)


# --- the browser's own sign-in dialogs ------------------------------------------------------------------------------


def test_every_window_that_comes_is_attended_to_and_none_that_came_before() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, other: FakePage) -> None:
        context.browser_type.name = "chromium"
        await slot.mind_accounts()
        popup = await context.new_page()
        await slot.click(shown("https://b.example/"), SPOT, 1)
        assert [page.commands for page in (context.pages[0], other, popup)] == [["FedCm.enable"], [], ["FedCm.enable"]]
        popup.url = "https://c.example/"
        dialog = {"dialogId": "d", "dialogType": "AccountChooser", "accounts": [{"accountId": "alice"}]}
        popup.listeners["FedCm.dialogShown"](dialog)
        await slot.choose(shown("https://c.example/"), "alice", 1)
        assert popup.commands[1:] == ["FedCm.selectAccount"]
        await slot.clear()
        assert context.pages[0].commands == ["FedCm.enable", "detach"]
        await context.new_page()
        await slot.clear()
        assert context.pages[-1].commands == []

    in_world(work)


def test_a_window_that_goes_as_it_is_attended_to_is_a_note() -> None:
    async def work(slot: PlaywrightSlot, context: FakeContext, _other: FakePage) -> None:
        context.browser_type.name = "chromium"
        context.pages[0].fails = "Target closed"
        await slot.mind_accounts()
        assert slot.console() == ("[accounts] Target closed",)
        with pytest.raises(TimeoutError, match="the browser has not asked who signs in"):
            await slot.choose(shown("https://b.example/"), "alice", 0.05)

    in_world(work)
