"""A failed assertion in words: what was seen, and which response is to blame by the standard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from isolab.expect.recorded import Way
from isolab.explain.isolation_mends import isolation_mend
from isolab.explain.model import LinkNote
from isolab.explain.page import page_note
from isolab.explain.text import link_lines, page_lines
from isolab.policy.document import Document
from isolab.policy.embedding import EmbedPrediction
from isolab.reports.words import short_urls, visible

ERROR_PAGES = ("chrome-error:", "about:neterror", "about:certerror")
"""What the address of a page begins with that the browser shows where another did not load."""

NOT_ISOLATION = (
    "so it is something else: the network, a CORS preflight, a Content-Security-Policy, a script that cannot be "
    "parsed, or what the page itself does"
)
OTHERWISE = "by these headers it should be otherwise: the browser, or how it was started, makes the difference"
SILENT = "its server gives no answer"
BLOB = "the browser tells of no request for what is not of a server (`blob:`, `data:`)"
"""Why it cannot be told whether something is blocked."""

AGAIN = "(the browser had forgotten what came before, so isolab asked again for {url})"


def failure(title: str, why: Iterable[str]) -> AssertionError:
    """The error to raise. What headers and URLs say is made harmless."""
    return AssertionError(visible(short_urls("\n".join([title, *(f"  {line}" for line in why)]))))


def untold(page: Any, url: str, *why: str) -> AssertionError:
    """The error where nobody can say whether a page loads what is at a URL."""
    return failure(f"whether {url} is blocked in {page.url} cannot be told", why)


def of_page(way: Way | None, *, observed: bool, wanted: bool) -> list[str]:
    """Why a page is isolated, or not, by what was sent on the way to it, and what isolates it where that is wanted."""
    if way is None:
        return ["no response made this page, so its isolation is that of the page that it comes from"]
    note = page_note("the page", way.hops)
    lines = [*page_lines(note), *asked(way)]
    if note.isolated != observed:
        lines.append(OTHERWISE)
    return [*lines, *_mend(isolation_mend(Document(way.hops[-1])) if wanted else "")]


def of_link(link: LinkNote, ways: Iterable[Way]) -> list[str]:
    """What the responses on the way of a popup and its opener do to their link."""
    return [*link_lines(link), *(line for way in ways for line in asked(way))]


def of_load(verdict: EmbedPrediction, mend: str) -> list[str]:
    """Which rule blocks something, and what lets it load, or that none does."""
    if verdict.loaded:
        return [f"not by isolation: {verdict.reason}", NOT_ISOLATION]
    return [verdict.reason, f"  {verdict.source}", *_mend(mend)]


def _mend(text: str) -> list[str]:
    return [f"mend: {text}"] if text else []


def asked(way: Way) -> Iterator[str]:
    """Say so where the responses are not those that the browser saw."""
    if way.again:
        yield AGAIN.format(url=way.hops[0].url)
