"""The type that a script or a style is sent with."""

from __future__ import annotations

import pytest
from own_app import OwnApp
from own_browser import Rig, embedding, tag
from playwright.async_api import Browser

from isolab.expect import expect_isolation

pytestmark = pytest.mark.browser

SHORT_MS = 500
NOSNIFF = {"X-Content-Type-Options": "nosniff"}


@pytest.mark.parametrize(
    ("markup", "headers", "told"),
    [
        (
            '<script src="{url}"></script>',
            NOSNIFF,
            "as text/html, and X-Content-Type-Options: nosniff: so it is no script",
        ),
        (
            '<link rel="stylesheet" href="{url}">',
            NOSNIFF,
            "as text/html, and X-Content-Type-Options: nosniff: so it is no style",
        ),
        ('<script type="module" src="{url}"></script>', {}, "as text/html: so it is no module"),
        ('<script src="{url}"></script>', {"Content-Type": "text/csv"}, "as text/csv: so it is no script"),
    ],
)
def test_what_is_sent_as_another_type_is_told(
    own_browser: Rig, app: OwnApp, markup: str, headers: dict[str, str], told: str
) -> None:
    async def look(playwright: Browser) -> None:
        url = app.page("page", headers, "/**/")
        events = markup.replace(" ", " onload=\"document.title = 'loaded'\" onerror=\"document.title = 'refused'\" ", 1)
        page = await embedding(playwright, app, events.format(url=url))
        await page.wait_for_function("document.title !== ''")
        assert await page.title() == "refused"
        with pytest.raises(AssertionError) as caught:
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)
        assert "is not loaded in" in str(caught.value)
        assert told in str(caught.value)

    own_browser.run(look)


def test_a_script_of_a_strange_type_that_the_browser_takes_is_loaded(own_browser: Rig, app: OwnApp) -> None:
    async def look(playwright: Browser) -> None:
        url = app.page("page", body="document.title = 'ran'")
        page = await embedding(playwright, app, tag("script", url))
        await page.wait_for_function("document.title === 'ran'")
        await expect_isolation(page).not_to_be_blocked(url)

    own_browser.run(look)


@pytest.mark.parametrize("markup", ['<script src="{url}"></script>', '<script type="module" src="{url}"></script>'])
def test_what_its_server_does_not_have_is_told_before_its_type(own_browser: Rig, app: OwnApp, markup: str) -> None:
    async def look(playwright: Browser) -> None:
        url = app.page("missing", NOSNIFF, "<p>not found", status=404)
        page = await embedding(playwright, app, markup.format(url=url))
        with pytest.raises(AssertionError, match="its server answers 404") as caught:
            await expect_isolation(page).not_to_be_blocked(url, timeout=SHORT_MS)
        assert "text/html" not in str(caught.value)

    own_browser.run(look)


@pytest.mark.parametrize("markup", ['<script src="{url}"></script>', '<script type="module" src="{url}"></script>'])
def test_the_type_of_what_is_stored_counts(own_browser: Rig, app: OwnApp, markup: str) -> None:
    async def look(playwright: Browser) -> None:
        before = app.renewals
        url = app.page("code.js", NOSNIFF, "/**/", more="renewed")
        page = await embedding(playwright, app, markup.format(url=url))
        await page.reload()
        assert app.renewals > before
        await expect_isolation(page).not_to_be_blocked(url)

    own_browser.run(look)


@pytest.mark.parametrize("rel", ['rel="modulepreload"', 'rel="preload" as="script"'])
def test_a_link_to_a_script_is_judged_as_a_script(own_browser: Rig, app: OwnApp, rel: str) -> None:
    """With a route Chromium's driver has no `Sec-Fetch-Dest`."""

    async def look(playwright: Browser) -> None:
        url = app.page("code.js", NOSNIFF, "/**/")
        page = await playwright.new_page()
        await page.route("**/other", lambda route: route.abort())
        await page.goto(app.page("app", body=f'<link {rel} href="{url}">'))
        await expect_isolation(page).not_to_be_blocked(url)

    own_browser.run(look)
