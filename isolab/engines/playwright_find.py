"""Which of Playwright's pages shows a document."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from playwright.async_api import Error, Page

from isolab.engines.engine import WHICH_DOCUMENT, Shown
from isolab.waiting import Deadline, poll

ASK_S = 1.0
"""How long a page may take to tell which document it shows, before the others are asked again, in seconds."""


async def find_page(pages: Callable[[], Sequence[Page]], shown: Shown, timeout_s: float) -> Page:
    """The one of `pages` that shows this, looked for so long: Playwright learns of it later than the document reports.

    Raises TimeoutError, and a bare Exception where Playwright's driver has ended.
    """

    async def look() -> Page | None:
        found = [page for page in reversed(pages()) if shown.may_be(page.url)]
        # To ask costs a round trip, and has Playwright compile a script of its own in the page.
        if len(found) == 1 and not shown.twins:
            return found[0]
        for page in found:
            if await _shows(page, shown.document):
                return page
        return None

    try:
        with Deadline(timeout_s) as deadline:
            return await poll(look, deadline)
    except TimeoutError as error:
        raise TimeoutError(f"no window shows {shown.url}") from error


async def _shows(page: Page, document: str) -> bool:
    """Whether it shows this very document; one that closes, or is too busy to tell, does not."""
    try:
        async with asyncio.timeout(ASK_S):
            return bool(await page.evaluate(WHICH_DOCUMENT) == document)
    except (TimeoutError, Error):
        return False
