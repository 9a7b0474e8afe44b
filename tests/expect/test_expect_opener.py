"""What a popup's link to its opener has come to: on the user's own pages, with the response that cut it."""

from __future__ import annotations

import asyncio
import threading
from itertools import product

import pytest
from aiohttp import web
from own_app import COOP, OwnApp
from own_browser import Rig
from playwright.async_api import Browser, Page

from isolab.expect import expect_isolation, expect_popup, watch
from isolab.expect.opener import has_opener
from isolab.expect.steps import run_sync
from isolab.policy.terms import Fate

pytestmark = pytest.mark.browser

SHORT_MS = 300
FATES: tuple[Fate, ...] = ("preserved", "severed", "noopener")
LATER = "<script>const old = open; open = (...how) => { const w = old(...how); w.location = '%s'; return w; }</script>"
MANY = "".join(f"<img src='/picture{number}'>" for number in range(120))
OPEN = "([url, features]) => { window.handle = window.open(url, '_blank', features); }"


async def _opened(browser: Browser, opener: str, popup: str, features: str = "") -> Page:
    page = await browser.new_page()
    await page.goto(opener)
    async with page.expect_popup() as waiting:
        await page.evaluate(OPEN, [popup, features])
    return await waiting.value


def test_a_popup_without_policies_keeps_its_opener(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        popup = await _opened(playwright, app.page("app"), app.page("login", there=True))
        await expect_popup(popup).to_have_opener()
        await expect_popup(popup).to_have_opener("preserved")
        with pytest.raises(AssertionError, match="is preserved: its opener was expected to be severed"):
            await expect_popup(popup).to_have_opener("severed", timeout=SHORT_MS)

    own_browser.run(look)


def test_the_response_that_cuts_is_named(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        popup = await _opened(playwright, app.page("app"), app.page("login", {COOP: "same-origin"}, there=True))
        await expect_popup(popup).to_have_opener("severed")
        with pytest.raises(AssertionError) as caught:
            await expect_popup(popup).to_have_opener("preserved", timeout=SHORT_MS)
        told = str(caught.value)
        assert "is severed: its opener was expected to be preserved" in told
        assert "hop 1" in told
        assert "a policy is often set by" in told

    own_browser.run(look)


@pytest.mark.parametrize(
    ("who", "told"), [("opener", "had same-origin: "), ("popup", f"sends {COOP}: same-origin while the popup's first")]
)
def test_a_page_that_is_renewed_cuts_by_what_was_stored(own_browser: Rig, app: OwnApp, who: str, told: str) -> None:
    async def look(playwright: Browser) -> None:
        before = app.renewals
        renewed, plain = app.page(who, {COOP: "same-origin"}, more="renewed", there=who == "popup"), app.page("plain")
        page = await playwright.new_page()
        await page.goto(renewed)
        await page.goto(renewed if who == "opener" else plain)
        other = app.page("plain", there=True) if who == "opener" else renewed
        async with page.expect_popup() as waiting:
            await page.evaluate(OPEN, [other, ""])
        popup = await waiting.value
        await expect_popup(popup).to_have_opener("severed")
        assert app.renewals > before
        with pytest.raises(AssertionError, match=told):
            await expect_popup(popup).to_have_opener("preserved", timeout=SHORT_MS)

    own_browser.run(look)


def test_the_hop_that_cuts_is_named_although_no_page_of_it_is_shown(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        hop = app.page("hop", {COOP: "same-origin"}, there=True, to=app.page("login", there=True))
        popup = await _opened(playwright, app.page("app"), hop)
        with pytest.raises(AssertionError) as caught:
            await expect_popup(popup).to_have_opener(timeout=SHORT_MS)
        assert f"{app.there}/hop" in str(caught.value)
        assert "is a redirect (302)" in str(caught.value)

    own_browser.run(look)


def test_an_opener_that_moves_on_to_a_policy_is_named(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        popup = await _opened(playwright, app.page("app"), app.page("login"))
        opener = await popup.opener()
        assert opener is not None
        await opener.goto(app.page("other", {COOP: "same-origin"}))
        with pytest.raises(AssertionError) as caught:
            await expect_popup(popup).to_have_opener(timeout=SHORT_MS)
        assert "is severed" in str(caught.value)
        assert f"{app.here}/other" in str(caught.value)

    own_browser.run(look)


def test_a_popup_opened_without_an_opener_is_not_taken_for_severed(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        popup = await _opened(playwright, app.page("app"), app.page("login"), "noopener")
        await expect_popup(popup).to_have_opener("noopener")
        with pytest.raises(AssertionError, match="no response on its way cuts the link"):
            await expect_popup(popup).to_have_opener("severed", timeout=SHORT_MS)

    own_browser.run(look)


def test_what_a_frame_has_opened_is_not_taken_for_what_the_page_has(own_browser: Rig, app: OwnApp) -> None:
    """A frame of another origin does not have the page's policy, so the popup's cuts where the page's would not."""

    async def look(playwright: Browser) -> None:
        policy = {COOP: "same-origin-allow-popups"}
        popup = app.page("login", policy)
        frame = app.page("widget", body="<script>onmessage = ({ data }) => { self.handle = open(data); }</script>")
        frame = frame.replace(app.here, app.there)
        page = await playwright.new_page()
        await page.goto(app.page("app", policy, f'<iframe src="{frame}"></iframe>'))
        async with page.expect_popup() as waiting:
            await page.evaluate("url => frames[0].postMessage(url, '*')", popup)
        opened = await waiting.value
        for fate in ("severed", "noopener"):
            with pytest.raises(AssertionError) as caught:
                await expect_popup(opened).to_have_opener(fate, timeout=SHORT_MS)
            head, *why = str(caught.value).splitlines()
            assert "has no opener, and why cannot be told" in head
            assert f"  the popup, opened by the frame {app.there}/widget" in "\n".join(why)

    own_browser.run(look)


def test_a_page_that_is_no_popup_is_not_taken_for_severed(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await playwright.new_page()
        await page.goto(app.page("app"))
        for fate in ("severed", "noopener", "preserved"):
            with pytest.raises(AssertionError, match="has no opener, and why cannot be told") as caught:
                await expect_popup(page).to_have_opener(fate, timeout=SHORT_MS)
            assert "or this is no popup" in str(caught.value)

    own_browser.run(look)


def test_a_popup_that_does_not_load_is_told_of(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        # Port 1 of loopback: nothing listens there, and browsers refuse to ask.
        popup = await _opened(playwright, app.page("app"), "http://127.0.0.1:1/")
        await expect_popup(popup).to_have_opener("not-loaded")
        with pytest.raises(AssertionError, match="is not-loaded"):
            await expect_popup(popup).to_have_opener(timeout=SHORT_MS)

    own_browser.run(look)


def test_it_waits_for_the_page_that_loses_its_opener(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        last = app.page("last", {COOP: "same-origin"}, there=True)
        first = app.page("first", body=f"<script>location = {last!r}</script>", there=True)
        popup = await _opened(playwright, app.page("app"), first)
        await expect_popup(popup).to_have_opener("severed")

    own_browser.run(look)


def test_a_watched_context_forgets_nothing(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        context = await playwright.new_context()
        watch(context)
        watch(context)
        page = await context.new_page()
        await page.goto(app.page("app"))
        hop = app.page("hop", {COOP: "same-origin"}, there=True, to=app.page("login", body=MANY, there=True))
        async with page.expect_popup() as waiting:
            await page.evaluate(OPEN, [hop, ""])
        popup = await waiting.value
        await popup.wait_for_load_state()
        with pytest.raises(AssertionError) as caught:
            await expect_popup(popup).to_have_opener(timeout=SHORT_MS)
        assert f"{app.there}/hop" in str(caught.value)
        assert "asked again" not in str(caught.value)

    own_browser.run(look)


def test_a_popup_that_is_closed_is_told_of(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        popup = await _opened(playwright, app.page("app"), app.page("login"))
        await popup.close()
        with pytest.raises(AssertionError, match="is closed: say what you expect of it before it closes"):
            await expect_popup(popup).to_have_opener()

    own_browser.run(look)


def test_a_word_that_is_no_fate_is_refused(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        popup = await _opened(playwright, app.page("app"), app.page("login"))
        with pytest.raises(ValueError, match="preserved, severed, noopener, not-loaded"):
            await expect_popup(popup).to_have_opener("kept")  # type: ignore[arg-type]

    own_browser.run(look)


def test_what_is_still_on_its_way_has_no_fate_yet(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        mute = app.page("login", {COOP: "same-origin"}, there=True, mute=True)
        popups = [await _opened(playwright, app.page("app", body=LATER % mute), "about:blank")]
        if playwright.browser_type.name == "firefox":  # of Chromium's Playwright tells once there is an answer
            popups.append(await _opened(playwright, app.page("app"), mute))
        for popup, fate in product(popups, FATES):
            with pytest.raises(AssertionError, match=r"^the popup has not come to .*/login\?.* within 0.3 s"):
                await expect_popup(popup).to_have_opener(fate, timeout=SHORT_MS)

    own_browser.run(look)


def test_of_what_has_had_no_answer_nothing_is_made_up(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        mute = app.page("login", there=True, mute=True)
        popup = await _opened(playwright, app.page("app", body=LATER % mute), "about:blank")
        with pytest.raises(AssertionError, match=r"within 0.3 s\n  there is no answer yet$"):
            await expect_popup(popup).to_have_opener(timeout=SHORT_MS)

    own_browser.run(look)


def test_a_popup_that_stays_blank_shows_nothing(own_browser: Rig, app: OwnApp) -> None:
    # Its page may come later, and cut the link: sign-in that opens a blank window first does so.
    async def look(playwright: Browser) -> None:
        popup = await _opened(playwright, app.page("app"), "about:blank")
        for fate in FATES:
            with pytest.raises(
                AssertionError, match=r"the popup still shows about:blank: no page has come within 0\.3 s"
            ):
                await expect_popup(popup).to_have_opener(fate, timeout=SHORT_MS)

    own_browser.run(look)


@pytest.mark.parametrize("ending", ["", "handle.document.close()"])
def test_what_an_opener_writes_into_a_blank_popup_is_its_page(own_browser: Rig, app: OwnApp, ending: str) -> None:
    async def look(playwright: Browser) -> None:
        popup = await _opened(playwright, app.page("app"), "")
        opener = await popup.opener()
        assert opener is not None
        await opener.evaluate(f"() => {{ handle.document.write('<p>Wait'); {ending} }}")
        await expect_popup(popup).to_have_opener(timeout=SHORT_MS)
        await expect_isolation(popup).not_to_be_isolated(timeout=SHORT_MS)

    own_browser.run(look)


def test_what_is_written_while_the_page_of_the_provider_is_on_its_way_is_not_its_page(
    own_browser: Rig, app: OwnApp
) -> None:
    let_go = threading.Event()

    async def hold(request: web.Request) -> None:
        if request.path == "/login":
            await asyncio.to_thread(let_go.wait, 60)

    async def look(playwright: Browser) -> None:
        app.before = hold
        popup = await _opened(playwright, app.page("app"), "")
        opener = await popup.opener()
        assert opener is not None
        url = app.page("login", {COOP: "same-origin"}, there=True)
        async with popup.expect_request("**/login?*"):
            await opener.evaluate("url => { handle.document.write('<p>Loading'); handle.location = url; }", url)
        with pytest.raises(AssertionError, match=r"the popup has not come to .*/login\?"):
            await expect_popup(popup).to_have_opener(timeout=SHORT_MS)
        let_go.set()
        with pytest.raises(AssertionError, match="is severed: its opener was expected to be preserved"):
            await expect_popup(popup).to_have_opener()

    try:
        own_browser.run(look)
    finally:
        let_go.set()


def test_a_popup_that_closes_while_it_is_waited_for_is_told_as_closed(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        closing = app.page("login", body="<script>onload = () => setTimeout(close, 500)</script>", there=True)
        popup = await _opened(playwright, app.page("app"), closing)
        with pytest.raises(AssertionError, match="is closed"):
            await expect_popup(popup).to_have_opener("severed")

    own_browser.run(look)


def test_of_an_opener_that_no_server_has_sent_no_cause_is_made_up(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        page = await playwright.new_page()
        async with page.expect_popup() as waiting:
            await page.evaluate(OPEN, [app.page("login"), "noopener"])
        popup = await waiting.value
        for fate in ("severed", "noopener", "preserved"):
            with pytest.raises(
                AssertionError, match=r"has no opener, and why cannot be told.*\n.* is not known any more"
            ):
                await expect_popup(popup).to_have_opener(fate, timeout=SHORT_MS)

    own_browser.run(look)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("way", ["download", "nothing", "stopped"])
def test_a_popup_stays_where_its_next_page_is_none(own_browser: Rig, app: OwnApp, way: str, *, known: bool) -> None:
    asked = asyncio.Event()

    async def told(request: web.Request) -> None:
        if request.path == "/mute":
            asked.set()
        elif request.path == "/asked":
            await asked.wait()

    async def look(playwright: Browser) -> None:
        app.before = told
        page = app.page("login", body="<p>" if known else MANY, there=True)
        popup = await _opened(playwright, app.page("app"), page)
        await popup.wait_for_load_state()
        url = {
            "download": app.page("file", {"Content-Disposition": "attachment"}),
            "nothing": app.page("204", status=204),
            "stopped": app.page("mute", there=True, mute=True),
        }[way]
        # Chromium calls the download a failure, and Firefox the answer that is none.
        fails = (way, playwright.browser_type.name) not in {("download", "firefox"), ("nothing", "chromium")}
        stop = "fetch('/asked').then(() => stop())" if way == "stopped" else ""
        async with popup.expect_event("requestfailed" if fails else "requestfinished", lambda it: it.url == url):
            await popup.evaluate(f"url => {{ setTimeout(() => {{ location = url; {stop} }}); }}", url)
        await expect_popup(popup).to_have_opener(timeout=SHORT_MS)
        with pytest.raises(AssertionError, match="is preserved: its opener was expected to be not-loaded"):
            await expect_popup(popup).to_have_opener("not-loaded", timeout=SHORT_MS)

    own_browser.run(look)


def test_a_popup_that_goes_on_to_what_does_not_load_is_waited_for(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        # Port 1 of loopback: nothing listens there, and browsers refuse to ask.
        first = app.page("first", body="<script>setTimeout(() => { location = 'http://127.0.0.1:1/'; }, 500)</script>")
        popup = await _opened(playwright, app.page("app"), first)
        await expect_popup(popup).to_have_opener("not-loaded")

    own_browser.run(look)


def test_an_assertion_that_passes_asks_no_server(own_browser: Rig, app: OwnApp) -> None:
    asked: list[str] = []

    async def note(request: web.Request) -> None:
        asked.append(request.path)

    async def look(playwright: Browser) -> None:
        # What Playwright has forgotten, and what a 304 has renewed, would be asked for again to name a cause.
        callback = app.page("callback", more="renewed")
        page = await playwright.new_page()
        await page.goto(callback)
        await page.goto(app.page("app", body=MANY), wait_until="networkidle")
        async with page.expect_popup() as waiting:
            await page.evaluate(OPEN, [callback, ""])
        popup = await waiting.value
        await popup.wait_for_load_state("networkidle")
        app.before = note
        await expect_popup(popup).to_have_opener()
        assert asked == []

    own_browser.run(look)


class Renewing:
    """A popup whose page has an opener, then goes on to the next, which is there when it is waited for again."""

    url = "https://idp.example/"
    context = main_frame = object()

    def __init__(self) -> None:
        self.states = iter(["null", '"there"'])
        self.waited = 0

    def is_closed(self) -> bool:
        return False

    def requests(self) -> list[object]:
        return []

    def wait_for_function(self, script: str, *, arg: object, timeout: float) -> Renewing:
        assert timeout > 0
        self.waited += arg == ["there"]
        return self

    def json_value(self) -> str:
        return f"[{next(self.states)}]"


def test_a_page_that_still_loads_is_no_page_without_an_opener() -> None:
    popup = Renewing()
    run_sync(has_opener(popup, "preserved", 1000))
    assert popup.waited == 2
