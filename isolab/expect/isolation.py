"""Whether a page is isolated and shares memory, and what is to blame where it does not."""

from __future__ import annotations

from typing import Any

from isolab.expect.recorded import shown
from isolab.expect.scripts import FACTS, ISOLATED, SHARED_MEMORY
from isolab.expect.steps import Steps
from isolab.expect.telling import failure, of_page
from isolab.expect.waits import asked, comes_to, succeeds

__tracebackhide__ = True
"""For pytest: a failure is shown at the line of the test, not in here."""


def isolated(page: Any, timeout: float, *, wanted: bool) -> Steps[None]:
    """Raise AssertionError where `crossOriginIsolated` does not come to be `wanted`."""
    if (yield from comes_to(page, ISOLATED, wanted, timeout)):
        return
    facts = yield from asked(page, FACTS, None)
    way = yield from shown(page)
    state = "isolated" if facts["isolated"] else "not isolated"
    if bool(facts["isolated"]) is wanted:
        state = "still loading"
    title = f"{page.url} is {state}: crossOriginIsolated is {_word(facts['isolated'])}, expected {_word(wanted)}"
    raise failure(title, of_page(way, observed=bool(facts["isolated"]), wanted=wanted))


def shared_memory(page: Any, timeout: float) -> Steps[None]:
    """Raise AssertionError where no memory comes to be shared."""
    if (yield from succeeds(page, SHARED_MEMORY, None, timeout)):
        return
    facts = yield from asked(page, FACTS, None)
    way = yield from shown(page)
    there = "is there, but cannot be posted" if facts["constructor"] else "is not there"
    title = f"{page.url} shares no memory: SharedArrayBuffer {there}"
    raise failure(title, of_page(way, observed=bool(facts["isolated"]), wanted=True))


def _word(value: object) -> str:
    return "true" if value else "false"
