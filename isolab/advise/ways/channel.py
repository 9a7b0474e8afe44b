"""The answer comes home over a BroadcastChannel, from a callback page of the app's own origin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from isolab.advise.own import Own
from isolab.advise.stance import Stance
from isolab.advise.ways.way import (
    CannotBuild,
    Rebuilt,
    free_name,
    is_fixture,
    last_click,
    plan_of,
    registered,
    url_of,
    with_options,
    with_pages,
    with_plan,
)
from isolab.policy.site import same_origin
from isolab.scenario.case import Case, Click, Fixture, Page
from isolab.scenario.signin_plan import RETURN

CHANNEL = "sign-in:{state}"
_PLAIN_CHANNEL = "sign-in"


def over_a_channel(given: Case, own: Own, stance: Stance) -> Rebuilt:
    """Rebuild a case so; every page of the app has the stance. Raises CannotBuild."""
    app = given.pages[own.app]
    plan = plan_of(app)
    if plan is not None:
        case, callback = _of_mechanisms(given, own, plan)
    elif is_fixture(app, "signin-app"):
        case, callback = _of_fixtures(given, own)
    else:
        raise CannotBuild("its pages are HTML of their own, in which isolab changes no script")
    return Rebuilt(case, dict.fromkeys((own.app, *own.others, callback), stance))


def _of_mechanisms(given: Case, own: Own, plan: Mapping[str, Any]) -> tuple[Case, str]:
    if plan["client"] is None:
        raise CannotBuild("its provider has no redirect back to a page of the app")
    app, callback = given.pages[own.app], str(plan["callback_page"])
    if callback == own.app or not same_origin(given.pages[callback].origin, app.origin):
        callback = free_name(given, "callback")
    steps = {"broadcast": CHANNEL, "close": True}
    back = {"gate": None, "as": "params", "steps": steps, "otherwise": {}}
    page = _page(given, app, callback, Fixture(RETURN, {"plan": json.dumps(back)}))
    watch = {key: how for key, how in plan["watch"].items() if key == "timeout"}
    changed = {
        **plan,
        "callback": url_of(callback),
        "callback_page": callback,
        "response_mode": plan["response_mode"] if plan["response_mode"] in ("query", "fragment") else None,
        "watch": watch,
        "channels": {"broadcast": CHANNEL},
        "relay": None,
        "close": False,
    }
    return _ending_at(registered(with_pages(given, with_plan(app, changed), page), callback), callback), callback


def _of_fixtures(given: Case, own: Own) -> tuple[Case, str]:
    app = given.pages[own.app]
    callback = next((name for name in own.others if is_fixture(given.pages[name], "signin-callback")), None)
    case = given
    if callback is None:
        callback = free_name(given, "callback")
        provider = next((page for page in given.pages.values() if is_fixture(page, "signin-provider")), None)
        if provider is None:
            raise CannotBuild("its provider has no redirect back to a page of the app")
        case = with_pages(case, with_options(provider, **{"return": url_of(callback)}))
    body = Fixture("signin-callback", {"channel": _PLAIN_CHANNEL})
    case = with_pages(case, with_options(app, channel=_PLAIN_CHANNEL), _page(given, app, callback, body))
    return _ending_at(case, callback), callback


def _page(given: Case, app: Page, name: str, body: Fixture) -> Page:
    """The callback page: that of the case with another body, or a new one."""
    if name in given.pages:
        return replace(given.pages[name], body=body, embeds=())
    return Page(name, app.origin, f"/{name}", 200, (), body)


def _ending_at(case: Case, callback: str) -> Case:
    """The case whose last click in the popup leads to the callback page."""
    steps = list(case.steps)
    last = last_click(case)
    click = steps[last]
    assert isinstance(click, Click)  # noqa: S101 - so it was chosen
    steps[last] = replace(click, loads=callback)
    return replace(case, steps=tuple(steps))
