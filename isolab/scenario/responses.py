"""The responses that a request for a page gets, as the scenario has them: redirects first, then the page."""

from __future__ import annotations

from isolab.policy.response import Hop
from isolab.scenario.case import Case, Page, Redirect


def chain(case: Case, page: str) -> tuple[Page, ...]:
    """The pages that are passed on the way, the one that shows last; a loop is given up where it closes."""
    pages = [case.pages[page]]
    while isinstance(body := pages[-1].body, Redirect) and case.pages[body.to] not in pages:
        pages.append(case.pages[body.to])
    return tuple(pages)


def responses(case: Case, page: str) -> tuple[Hop, ...]:
    """The way to a page as the rules take it."""
    return tuple(_hop(case, each) for each in chain(case, page))


def _hop(case: Case, page: Page) -> Hop:
    to = (("Location", case.pages[page.body.to].url),) if isinstance(page.body, Redirect) else ()
    return Hop(page.url, page.origin, page.status, (*page.headers, *to))
