"""No popup: the page itself goes to the provider and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from isolab.advise.own import Own, popups
from isolab.advise.stance import Stance
from isolab.advise.ways.way import (
    CannotBuild,
    Rebuilt,
    is_fixture,
    last_click,
    plan_of,
    registered,
    url_of,
    with_options,
    with_pages,
    with_plan,
)
from isolab.scenario.case import Case, Click, Navigate, Page, Step, Wait


def by_redirect(given: Case, own: Own, stance: Stance) -> Rebuilt:
    """Rebuild a case so; the page with the button has the stance before and after. Raises CannotBuild."""
    case = replace(_going_itself(given, own), steps=tuple(_in_one_window(given, own)))
    return Rebuilt(case, {own.app: stance})


def _going_itself(given: Case, own: Own) -> Case:
    app = given.pages[own.app]
    plan = plan_of(app)
    if plan is not None and plan["client"] is not None:
        changed = {
            **plan,
            "callback": url_of(own.app),
            "callback_page": own.app,
            "response_mode": plan["response_mode"] if plan["response_mode"] in ("query", "fragment") else None,
            "open": {**plan["open"], "way": "redirect"},
            "relay": None,
        }
        return registered(with_pages(given, with_plan(app, changed)), own.app)
    provider = next((page for page in given.pages.values() if is_fixture(page, "signin-provider")), None)
    if is_fixture(app, "signin-app") and provider is not None:
        return with_pages(given, *_fixtures(app, provider, own))
    raise CannotBuild(
        "its pages are HTML of their own, in which isolab changes no script"
        if plan is None
        else "its provider has no redirect back to a page of the app"
    )


def _fixtures(app: Page, provider: Page, own: Own) -> tuple[Page, Page]:
    return with_options(app, mode="redirect"), with_options(provider, **{"return": url_of(own.app)})


def _in_one_window(given: Case, own: Own) -> Iterator[Step]:
    """The steps, with what happened in the popup in the app's window; the last click leads back to the app.

    Words that pages say on the way may not be said any more, so nobody waits for them.
    """
    inside = set(popups(given))
    last = last_click(given)
    for number, step in enumerate(given.steps):
        if isinstance(step, Click):
            loads = own.app if number == last else step.loads or step.opens
            yield replace(step, window=_window(step, inside, own), opens=None, loads=loads)
        elif isinstance(step, Navigate) or (isinstance(step, Wait) and step.page):
            yield replace(step, window=_window(step, inside, own))
        elif step.window not in inside and not isinstance(step, Wait):
            yield step


def _window(step: Step, inside: set[str], own: Own) -> str:
    return own.window if step.window in inside else step.window
