"""The responses that a request for a page gets, as the scenario has them: redirects first, then the page."""

from __future__ import annotations

import json
import re
from typing import Any

from isolab.policy.response import Hop
from isolab.scenario.case import Case, Endpoint, Fixture, Page, Redirect
from isolab.scenario.provider import INTERACTIVE

_HOP = "signin-hop"
_URL = re.compile(r"\$\{\{\s*url\.([\w.-]+)\s*\}\}")


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


def route(case: Case, first: str, last: str) -> tuple[tuple[Hop, ...], ...]:
    """The navigations by which a window that goes to `first` comes to show `last`, as far as the scenario says.

    Each is a chain of responses: a page that moves on by itself ends one, a redirect does not. Where `first` is a page
    of the provider that shows, its answer to the person's click begins the way. Where nothing leads to `last`, a script
    has sent the window there.
    """
    pages, shown = [first], chain(case, last)[-1].name
    while pages[-1] != shown and (to := _moves_on(case, pages[-1], shown)) and to not in pages:
        pages.append(to)
    if pages[-1] != shown:
        begin = entry(case, shown)
        return (responses(case, last),) if begin in (first, shown) else route(case, begin, last)
    navigations: list[tuple[Hop, ...]] = []
    hops: list[Hop] = []
    for page, to in zip(pages, [*pages[1:], None], strict=True):
        hops.append(_passing(case, page, to))
        if to is None or isinstance(case.pages[page].body, Fixture):
            navigations.append(tuple(hops))
            hops = []
    return tuple(navigations)


def _moves_on(case: Case, page: str, last: str) -> str | None:
    """The page to which this one sends a window on its way to `last`."""
    body = case.pages[page].body
    if isinstance(body, Redirect):
        return body.to
    if isinstance(body, Fixture) and body.name == _HOP:
        return page_of(str(body.options.get("to")))
    if isinstance(body, Endpoint) and body.name in INTERACTIVE and case.provider:
        target = case.pages[last].body
        if body.next:
            return body.next
        # Whatever else the provider might ask, it does not where the flow says that another page shows.
        return last if isinstance(target, Endpoint) or body.name == "finish" else case.provider.endpoints["finish"][0]
    return None


def _passing(case: Case, page: str, to: str | None) -> Hop:
    """The response of a page on the way: one of the provider's that does not show redirects."""
    found = case.pages[page]
    if to is None or not isinstance(found.body, Endpoint):
        return _hop(case, found)
    return Hop(found.url, found.origin, 303, (*found.headers, ("Location", case.pages[to].url)))


def page_of(text: str) -> str | None:
    """The page whose address a text with a placeholder is, or None for any other text."""
    found = _URL.match(text)
    return found.group(1) if found else None


def pages_named(html: str) -> tuple[str, ...]:
    """The pages whose addresses a page's HTML has placeholders for, each once, in order."""
    return tuple(dict.fromkeys(_URL.findall(html)))


def opens_at(page: Page) -> str | None:
    """The page to which the button of a `signin:` page sends its window, or None for any other page."""
    return page_of(str(_plan(page).get("to")))


def shows_first(page: Page) -> str | None:
    """The page of one's own that the window of a `signin:` page shows before it is sent on, if there is one."""
    opening = _plan(page).get("open", {})
    return page_of(str(opening.get("page"))) if opening.get("way") == "waitpage" else None


def _plan(page: Page) -> dict[str, Any]:
    plan = page.body.options.get("plan") if isinstance(page.body, Fixture) else None
    found: dict[str, Any] = json.loads(str(plan)) if plan else {}
    return found


def entry(case: Case, page: str) -> str:
    """Where a window is sent that a page's script has show this one: the provider's pages are come to by its first."""
    body = case.pages[page].body
    if case.provider is None or not isinstance(body, Endpoint) or body.name not in INTERACTIVE:
        return page
    return case.provider.endpoints["authorize"][0]
