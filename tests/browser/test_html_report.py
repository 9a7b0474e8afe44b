"""The page in real browsers: what it does when somebody reads, filters and clicks, by pointer, keyboard and address."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from hostile_results import hostile
from own_browser import Rig, rig
from pictured import TEXT, pictured, saved, since
from playwright.async_api import Browser, Page, expect
from real_engines import engine_named
from real_runs import SELENIUM_WARNS
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait
from written_cases import run

from isolab.engines.engine import Launch
from isolab.engines.webdriver_slot import WebDriverSlot
from isolab.lab.server import open_lab
from isolab.reports.html import render
from isolab.waiting import Deadline, poll

pytestmark = [pytest.mark.browser, SELENIUM_WARNS]

FAILED = "signin/number-0[app.coop=None,hops=10]"
PHONE = {"width": 360, "height": 740}
CANARY = "window.pwned=1"


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def reader(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """A browser in which the page is read."""
    with rig(request.param) as begun:
        yield begun


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page with every outcome, compared with a run in which all passed."""
    return saved(render(since(60)), tmp_path_factory.mktemp("report"))


@asynccontextmanager
async def opened(browser: Browser, address: str, **options: Any) -> Any:
    """The page, which must make no error, fetch nothing and open no dialog."""
    context = await browser.new_context(**options)
    told: list[str] = []
    try:
        page = await context.new_page()
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on("console", lambda message: told.append(f"console: {message.text}"))
        page.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda request: told.append(request.url) if not request.url.startswith(("file:", "data:")) else None,
        )
        await page.goto(address)
        yield page
        assert told == []
    finally:
        await context.close()


def reads(reader: Rig, address: str, do: Callable[[Page], Awaitable[None]], **options: Any) -> None:
    async def work(browser: Browser) -> None:
        async with opened(browser, address, **options) as page:
            await do(page)

    reader.run(work)


def shown(page: Page) -> Any:
    return page.locator("#cases tbody tr:not([hidden])")


def test_the_filter_narrows_and_says_how_far(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        await expect(page.locator("#shown")).to_have_text("60 cases")
        await page.get_by_role("searchbox", name="Text").fill("number-1 hops=1")
        await expect(page.locator("#shown")).to_have_text("11 of 60 cases shown")
        await page.get_by_role("checkbox", name="failed").check()
        await expect(page.locator("#shown")).to_have_text("0 of 60 cases shown")
        await page.get_by_role("button", name="Clear the filter").click()
        await expect(page.locator("#shown")).to_have_text("60 cases")

    reads(reader, report, do)


def test_an_address_shows_the_same_view(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        await page.get_by_role("checkbox", name="failed").check()
        await page.get_by_role("checkbox", name="error").check()
        await page.get_by_role("checkbox", name="firefox").check()
        await page.get_by_label("Tag").select_option("signin")
        await expect(page.locator("#shown")).to_have_text("1 of 60 cases shown")
        address = page.url
        other = await page.context.new_page()
        await other.goto(address)
        await expect(other.locator("#shown")).to_have_text("1 of 60 cases shown")
        await expect(other.get_by_role("checkbox", name="firefox")).to_be_checked()
        await expect(other.get_by_label("Tag")).to_have_value("signin")
        await expect(shown(other)).to_have_count(1)
        await expect(other.get_by_role("columnheader", name="webkit")).to_have_count(0)

    reads(reader, report, do)


def test_what_an_address_asks_for_in_vain_is_seen(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        await expect(page.locator("#shown")).to_have_text("0 of 60 cases shown")
        for name in ("bogus (none here)", "<b>safari</b> (none here)"):
            await expect(page.get_by_role("checkbox", name=name)).to_be_checked()
        await expect(page.get_by_label("Tag")).to_have_value("nope")
        await expect(page.locator("#missing")).to_have_text("This report has no case a/b")
        await page.get_by_role("button", name="Clear the filter").click()
        await expect(page.locator("#shown")).to_have_text("60 cases")

    reads(reader, f"{report}#outcome=bogus&engine=%3Cb%3Esafari%3C%2Fb%3E&tag=nope&case=a%2Fb", do)


def test_what_changed_since_the_baseline_can_be_singled_out(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        await page.get_by_label("changed since the baseline").check()
        # One case in seven, but for those that passed in both.
        await expect(page.locator("#shown")).to_have_text("7 of 60 cases shown")

    reads(reader, report, do)


def test_a_case_opens_with_its_picture_and_closes_where_it_was_opened(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        link = page.locator("#cases").get_by_role("link", name="app.coop=None,hops=10", exact=True).first
        await page.goto(f"{report}#q=number-0+hops%3D10")
        await link.click()
        dialog = page.locator("dialog#case")
        await expect(dialog.get_by_role("heading", name="Sign-in by popup, flow 0")).to_be_focused()
        await expect(page).to_have_url(re.compile("case=signin"))
        assert "q=number-0" in page.url
        picture = dialog.get_by_role("list", name="what happened in firefox, in time")
        await expect(picture.get_by_text("the link is cut")).to_be_visible()
        await expect(picture.locator(".cutting")).to_contain_text("Cross-Origin-Opener-Policy: same-origin")
        await expect(picture.get_by_text("lost")).to_be_visible()
        await expect(dialog.locator(".facts tbody tr").first).to_contain_text("severed not as expected")
        await expect(dialog.locator(".cut")).to_contain_text("Often set by Django")
        await expect(dialog.locator(".since")).to_contain_text("was passed, is failed")
        await page.keyboard.press("Escape")
        await expect(dialog).not_to_be_visible()
        await expect(link).to_be_focused()
        await expect(page).not_to_have_url(re.compile("case="))
        assert "q=number-0" in page.url

    reads(reader, report, do)


def test_a_screenshot_that_was_kept_is_seen(reader: Rig, tmp_path: Path) -> None:
    picture = tmp_path / "window-0.png"
    file = pictured()
    failed = next(each for each in file["results"] if each["id"] == FAILED and each["outcome"] == "failed")
    failed["artifacts"] = [str(picture), str(tmp_path / "gone.png")]

    async def take(browser: Browser) -> None:
        async with opened(browser, "data:text/html,<title>App</title><h1>Waiting for sign-in") as page:
            await page.screenshot(path=picture)

    reader.run(take)
    address = saved(render(file), tmp_path)
    # Whoever reads the page elsewhere has no such file: the picture is within the page.
    picture.unlink()

    async def do(page: Page) -> None:
        kept = page.locator("dialog").get_by_role("list", name="artifacts")
        await expect(kept.get_by_role("listitem")).to_have_text(failed["artifacts"])
        image = kept.get_by_role("img", name="screenshot")
        await image.scroll_into_view_if_needed()
        await image.evaluate("image => image.decode()")
        assert await image.evaluate("image => image.naturalWidth") > 300
        await expect(image).to_have_count(1)

    reads(reader, f"{address}#case={FAILED}", do)


def test_a_link_to_a_case_opens_it(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        await expect(page.locator("#case-title")).to_be_visible()
        await expect(page.locator("dialog .id")).to_have_text(FAILED)
        assert await page.title() == f"isolab: {FAILED}"
        # The pictures of engines in which all is well are drawn when they are asked for.
        await expect(page.locator(".picture")).to_have_count(1)
        await page.locator(".run summary").first.click()
        await expect(page.locator(".picture")).to_have_count(2)
        await expect(page.get_by_text("heard by app").first).to_be_visible()

    reads(reader, f"{report}#case={FAILED}", do)


def test_the_way_back_closes_the_case(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        await page.locator("[aria-labelledby=failures] .told a").first.click()
        await expect(page.locator("dialog#case")).to_be_visible()
        # Not page.go_back: in Firefox that waits for a page to load, and none does.
        await page.evaluate("history.back()")
        await expect(page.locator("dialog#case")).not_to_be_visible()

    reads(reader, report, do)


def test_everything_can_be_done_by_keyboard(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        await page.keyboard.press("/")
        await page.keyboard.type("number-0 j/k")
        await expect(page.locator("#text")).to_have_value("number-0 j/k")
        await page.locator("#text").fill("number-0 hops=1")
        await expect(page.locator("#shown")).to_have_text("11 of 60 cases shown")
        for key in ("Escape", "Enter"):
            await page.keyboard.press(key)
            await expect(page.locator("#cases")).to_be_focused()
            await expect(page.locator("#text")).to_have_value("number-0 hops=1")
            await page.keyboard.press("/")
            await expect(page.locator("#text")).to_be_focused()
        await page.get_by_role("checkbox", name="passed", exact=True).focus()
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        focused = page.locator(":focus")
        await expect(focused).to_have_text("app.coop=None,hops=10")
        assert await focused.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        await page.keyboard.press("Enter")
        await expect(page.locator("dialog .id")).to_have_text(FAILED)
        await page.keyboard.press("j")
        await expect(page.locator("dialog .id")).to_have_text(FAILED.replace("None,hops=10", "same-origin,hops=11"))
        await page.keyboard.press("k")
        await expect(page.locator("dialog .id")).to_have_text(FAILED)
        await page.keyboard.press("Escape")
        await page.keyboard.press("?")
        await expect(page.get_by_role("heading", name="Keyboard")).to_be_visible()
        await page.get_by_label("single keys are shortcuts").uncheck()
        await page.keyboard.press("Escape")
        await page.keyboard.press("/")
        await expect(page.locator("#text")).not_to_be_focused()
        assert "keys=off" in page.url

    reads(reader, report, do)


def test_the_command_and_the_file_can_be_copied(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        # The real one is the machine's own, which other tests use at the same time.
        await page.evaluate("""() => Object.defineProperty(navigator, 'clipboard', { value: {
            writeText: async text => { window.copied = text; },
        } })""")
        await page.get_by_role("button", name="Copy the command").click()
        assert await page.evaluate("window.copied") == f"isolab run '{FAILED}'"
        await expect(page.get_by_text("copied", exact=True)).to_be_visible()
        await page.get_by_text("The scenario file").click()
        await page.get_by_role("button", name="Copy the file").click()
        assert await page.evaluate("window.copied") == TEXT
        await expect(page.locator(".source li.bad")).to_have_count(2)

    reads(reader, f"{report}#case={FAILED}", do)


@pytest.mark.parametrize("fragment", ["", f"#case={FAILED}", "#outcome=failed"])
def test_nothing_is_wider_than_a_phone(reader: Rig, report: str, fragment: str) -> None:
    async def do(page: Page) -> None:
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        for wide in ("document.documentElement", "document.getElementById('case')"):
            assert await page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth"), wide

    reads(reader, report + fragment, do, viewport=PHONE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("fragment", ["", f"#case={FAILED}"])
def test_axe_finds_nothing_to_complain_of(reader: Rig, report: str, scheme: Any, fragment: str) -> None:
    async def do(page: Page) -> None:
        await page.evaluate("document.querySelectorAll('dialog details').forEach(one => { one.open = true; })")
        found = await Axe().run(page, options={"resultTypes": ["violations"]})
        told = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found.response["violations"]]
        assert told == []

    reads(reader, report + fragment, do, color_scheme=scheme)


def test_without_a_script_every_case_can_be_read(reader: Rig, report: str) -> None:
    async def do(page: Page) -> None:
        if not await page.locator("noscript p").is_visible():
            pytest.skip("the driver leaves scripts on (Firefox over WebDriver BiDi)")
        await expect(page.get_by_role("cell", name="passed").last).to_be_visible()
        await expect(page.locator("form")).not_to_be_visible()

    reads(reader, report, do, java_script_enabled=False)


def test_hostile_text_stays_text(reader: Rig, tmp_path: Path) -> None:
    address = saved(render(hostile(CANARY)), tmp_path)

    async def do(page: Page) -> None:
        before = await page.evaluate("document.scripts.length")
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        for number in range(await page.locator("#cases tbody tr").count()):
            await page.locator("#cases tbody tr a").nth(number).click()
            await expect(page.locator("dialog#case")).to_be_visible()
            await page.evaluate("document.querySelectorAll('dialog details').forEach(one => { one.open = true; })")
            await expect(page.locator(".picture").first).to_contain_text(CANARY)
            await page.keyboard.press("Escape")
        assert await page.evaluate("window.pwned") is None
        assert await page.evaluate("document.scripts.length") == before
        assert await page.evaluate("document.images.length") == 0
        assert await page.evaluate("[...document.links].every(a => /^(file|https?):$/.test(a.protocol))")

    reads(reader, address, do)


def in_webkit(address: str, do: Callable[[WebDriver], None]) -> None:
    """Have WebKit show a page, and do something there over WebDriver."""
    engine = engine_named("webkit")

    async def work() -> None:
        async with open_lab() as lab, engine.start(Launch(lab.port, lab.authority.spki)) as session:
            slot = await session.slot()
            if not isinstance(slot, WebDriverSlot):
                pytest.skip("this WebKit is driven by Playwright")
            await slot.show(address)
            with Deadline(30.0) as soon:
                await poll(lambda: slot._do(lambda: slot._driver.execute_script(READY)), soon)
            await slot._do(lambda: do(slot._driver))

    run(work(), 90.0)


def test_webkit_shows_it_too_and_hostile_text_stays_text(tmp_path: Path) -> None:
    def do(webkit: WebDriver) -> None:
        told = webkit.execute_script(LOOK)
        assert told == {"pwned": None, "images": 0, "pictures": told["runs"], "text": True, "runs": told["runs"]}
        assert told["runs"] > 0

    in_webkit(saved(render(hostile(CANARY)), tmp_path), do)


def test_webkit_filters_opens_and_closes_by_pointer_and_key(report: str) -> None:
    def do(webkit: WebDriver) -> None:
        def soon(what: Callable[[WebDriver], object]) -> None:
            WebDriverWait(webkit, 20).until(what)

        def focused() -> str:
            return str(webkit.switch_to.active_element.text)

        # As for whoever wants less motion: this driver waits for no smooth scroll, and clicks beside what still moves.
        webkit.execute_script("document.documentElement.style.scrollBehavior = 'auto'")
        shows = webkit.find_element(By.ID, "shown")
        search = webkit.find_element(By.CSS_SELECTOR, "input[type=search]")
        search.send_keys("number-0 hops=10")
        soon(lambda _: shows.text == "1 of 60 cases shown")
        soon(lambda _: "q=number-0" in webkit.current_url)
        link = next(each for each in webkit.find_elements(By.CSS_SELECTOR, "#cases tbody a") if each.is_displayed())
        name = link.text
        # To what `content-visibility: auto` has left out WebKit scrolls for focus, but not for scrollIntoView(), and so
        # not for its driver's click: seen on busy machines, where the list was still left out when the click came.
        webkit.execute_script("arguments[0].focus()", link)
        soon(lambda _: webkit.execute_script(IN_VIEW, link))
        # The focus was for the scrolling alone: where it is in the end has to be the doing of click and page.
        webkit.execute_script("arguments[0].blur()", link)
        link.click()
        dialog = webkit.find_element(By.CSS_SELECTOR, "dialog#case")
        soon(lambda _: dialog.is_displayed() and "case=signin" in webkit.current_url)
        soon(lambda _: focused() == "Sign-in by popup, flow 0")
        assert "the link is cut" in dialog.text
        ActionChains(webkit).send_keys(Keys.ESCAPE).perform()
        soon(lambda _: not dialog.is_displayed() and "case=" not in webkit.current_url)
        soon(lambda _: focused() == name)
        webkit.get(f"{report}#case={FAILED}")
        webkit.refresh()
        soon(lambda _: webkit.find_element(By.ID, "case-title").is_displayed())

    in_webkit(report, do)


IN_VIEW = """
  const { top, bottom } = arguments[0].getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight + 1;
"""

READY = "return document.readyState === 'complete' || null"

LOOK = f"""
  document.querySelectorAll('details').forEach(one => {{ one.open = true; }});
  document.querySelector('#cases tbody tr a').click();
  const runs = [...document.querySelectorAll('dialog details.run')];
  for (const one of runs) {{ one.open = true; one.dispatchEvent(new Event('toggle')); }}
  const pictured = [...document.querySelectorAll('.picture')];
  const drawn = runs.filter(one => !one.classList.contains('skipped')).length;
  return {{
    pwned: window.pwned ?? null,
    images: document.images.length,
    pictures: pictured.length,
    runs: drawn,
    text: pictured.every(one => one.textContent.includes({CANARY!r})),
  }};
"""


def test_a_page_of_thousands_comes_to_life(reader: Rig, tmp_path: Path) -> None:
    address = saved(render(pictured(1000)), tmp_path)

    async def do(page: Page) -> None:
        await expect(page.locator("#shown")).to_have_text("1000 cases")
        await page.get_by_role("searchbox", name="Text").fill("number-49 hops=19")
        await expect(page.locator("#shown")).to_have_text("1 of 1000 cases shown")

    reads(reader, address, do)
