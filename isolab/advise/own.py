"""Which pages of a scenario are the app's own: those whose headers can be chosen. The others are given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from isolab.explain.flow import Walk
from isolab.policy.site import schemeless_same_site
from isolab.scenario.case import Case, Click, Endpoint, Fixture, Open, Page, Popup
from isolab.scenario.responses import chain, page_of


@dataclass(frozen=True, slots=True)
class Own:
    """Names of pages. `app` is the page with the button, `window` the window that it shows in.

    `others` are the app's further pages that show in a window or redirect one, such as its callback; `parts` are its
    frames and workers, which need its COEP.
    """

    app: str
    window: str
    others: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def own_pages(case: Case) -> Own:
    """Find them: on the site of the page that opens the popup, without the provider's endpoints."""
    window = opening_window(case)
    walk = Walk(case)
    app = _opening_page(case, walk, window)
    passed = dict.fromkeys((*_passed(case, walk), *_waiting_page(case.pages[app])))
    others = tuple(name for name in passed if name != app and _is_own(case.pages[name], case.pages[app]))
    parts = dict.fromkeys(_parts(case, app, {app}))
    return Own(app, window, others, tuple(name for name in parts if _is_own(case.pages[name], case.pages[app])))


def _parts(case: Case, name: str, seen: set[str]) -> Iterator[str]:
    """The frames and workers of a page, and those in its frames: of each the response that comes in the end."""
    for embed in case.pages[name].embeds:
        if embed.kind in ("iframe", "worker"):
            last = chain(case, embed.page)[-1].name
            if last not in seen:
                seen.add(last)
                yield last
                yield from _parts(case, last, seen)


def opening_window(case: Case) -> str:
    """The window that opens the first popup; the first window where there is none."""
    for step in case.steps:
        if isinstance(step, Click) and step.opens:
            return step.window
        if isinstance(step, Popup):
            return step.opener
    return case.steps[0].window


def popups(case: Case) -> tuple[str, ...]:
    """The windows that the flow has opened by pages."""
    names = (step.opens if isinstance(step, Click) else step.window for step in case.steps if _opens(step))
    return tuple(dict.fromkeys(name for name in names if name))


def _opens(step: object) -> bool:
    return isinstance(step, Popup) or (isinstance(step, Click) and step.opens is not None)


def _opening_page(case: Case, walk: Walk, window: str) -> str:
    creators = (w.creator for w in walk.windows.values() if w.creator is not None and w.opener == window)
    creator = next(creators, None)
    if creator is not None:
        return next(name for name, page in case.pages.items() if page.url == creator.top.url)
    first = next(step for step in case.steps if isinstance(step, Open) and step.window == window)
    return chain(case, first.page)[-1].name


def _passed(case: Case, walk: Walk) -> Iterator[str]:
    """Every page whose response a window gets, in the order of the flow."""
    by_url = {page.url: name for name, page in case.pages.items()}
    for window in walk.windows.values():
        ways = (*(navigation.hops for navigation in window.life), walk.way(window))
        yield from (by_url[hop.url] for way in ways for hop in way)


def _waiting_page(app: Page) -> Iterator[str]:
    """The page of its own that a sign-in page shows in the popup first."""
    plan = app.body.options.get("plan") if isinstance(app.body, Fixture) else None
    page = page_of(str(json.loads(str(plan))["open"].get("page"))) if plan else None
    if page:
        yield page


def _is_own(page: Page, app: Page) -> bool:
    return not isinstance(page.body, Endpoint) and schemeless_same_site(page.origin, app.origin)
