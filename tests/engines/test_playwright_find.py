from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from playwright.async_api import Error
from written_cases import run

from isolab.engines import playwright_find
from isolab.engines.engine import WHICH_DOCUMENT, Shown
from isolab.engines.playwright_find import find_page

A = "https://a.example/"


class Page:
    """A window at a URL; `shows` is its document, or what it ends with, or None while it is too busy to tell."""

    def __init__(self, url: str, shows: str | Error | None = "other") -> None:
        self.url = url
        self.shows = shows
        self.asked = 0

    async def evaluate(self, script: str) -> str:
        assert script == WHICH_DOCUMENT
        self.asked += 1
        if self.shows is None:
            await asyncio.Event().wait()
        if isinstance(self.shows, Error):
            raise self.shows
        return str(self.shows)


def found(pages: Sequence[Page], shown: Shown, limit_s: float = 5.0) -> Page:
    return run(find_page(lambda: pages, shown, limit_s))  # type: ignore[arg-type,return-value]


def test_the_only_window_that_shows_the_url_is_not_asked_and_a_fragment_does_not_matter() -> None:
    one, other = Page(f"{A}#part"), Page("https://b.example/")
    assert found([one, other], Shown(A, "g1-1")) is one
    assert one.asked == other.asked == 0


@pytest.mark.parametrize("meant", [0, 1, 2])
def test_of_several_with_the_same_url_it_is_the_one_that_shows_the_document(meant: int) -> None:
    pages = [Page(A, "g1-0"), Page(A, "g1-1"), Page(A, "g1-2")]
    assert found(pages, Shown(A, f"g1-{meant}")) is pages[meant]


def test_a_window_that_cannot_tell_is_not_the_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playwright_find, "ASK_S", 0.05)
    meant = Page(A, "g1-1")
    assert found([meant, Page(A, Error("it navigates")), Page(A, None)], Shown(A, "g1-1")) is meant


def test_where_a_twin_is_known_the_first_that_is_seen_need_not_be_the_one() -> None:
    """Playwright may not know the other window yet."""
    early, late = Page(A, "g1-1"), Page(A, "g1-2")
    pages = [early]

    async def whole() -> Page:
        asyncio.get_running_loop().call_later(0.05, pages.append, late)
        return await find_page(lambda: pages, Shown(A, "g1-2", twins=True), 5)  # type: ignore[arg-type,return-value]

    assert run(whole()) is late


def test_none_in_time_is_a_timeout() -> None:
    for pages in ([], [Page("https://b.example/")], [Page(A), Page(A)]):
        with pytest.raises(TimeoutError, match=r"no window shows https://a\.example/"):
            found(pages, Shown(A, "g1-1"), 0.05)
