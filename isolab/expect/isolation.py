"""Whether a page is isolated and shares memory, and what is to blame where it does not."""

from __future__ import annotations

from typing import Any

from isolab.expect.coming import come
from isolab.expect.recorded import shown
from isolab.expect.scripts import FACTS, ISOLATED, SHARED_MEMORY
from isolab.expect.steps import Steps
from isolab.expect.telling import ERROR_PAGES, failure, of_page
from isolab.expect.waits import asked, comes_to, succeeds

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""


def isolated(page: Any, timeout: float, *, wanted: bool) -> Steps[None]:
    """Raise AssertionError where `crossOriginIsolated` does not come to be `wanted`."""
    left = yield from come(page, timeout)
    there = yield from comes_to(page, ISOLATED, wanted, left)
    if page.url.startswith(ERROR_PAGES):
        raise failure(f"the browser shows an error page, {page.url}: of its isolation nothing is to be said", [])
    if there:
        return
    facts = yield from asked(page, FACTS, None)
    state = "isolated" if facts["isolated"] else "not isolated"
    if bool(facts["isolated"]) is wanted:
        if not facts["loading"]:
            return
        state = "still loading"
    way = yield from shown(page)
    title = f"{page.url} is {state}: crossOriginIsolated is {_word(facts['isolated'])}, expected {_word(wanted)}"
    raise failure(title, of_page(way, observed=bool(facts["isolated"]), wanted=wanted))


def shared_memory(page: Any, timeout: float) -> Steps[None]:
    """Raise AssertionError where no memory comes to be shared."""
    left = yield from come(page, timeout)
    if (yield from succeeds(page, SHARED_MEMORY, None, left)):
        return
    if page.url.startswith(ERROR_PAGES):
        raise failure(f"the browser shows an error page, {page.url}: it shares no memory with anybody", [])
    facts = yield from asked(page, FACTS, None)
    way = yield from shown(page)
    posted = "nobody at its other end has answered" if facts["isolated"] else "cannot be posted"
    there = f"is there, but {posted}" if facts["constructor"] else "is not there"
    title = f"{page.url} shares no memory: SharedArrayBuffer {there}"
    raise failure(title, of_page(way, observed=bool(facts["isolated"]), wanted=True))


def _word(value: object) -> str:
    return "true" if value else "false"
