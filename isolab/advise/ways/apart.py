"""A page of its own for sign-in, which is not isolated: the person goes there, signs in by popup, and comes back."""

from __future__ import annotations

from dataclasses import replace

from isolab.advise.own import Own
from isolab.advise.stance import Stance
from isolab.advise.success import Success
from isolab.advise.ways.way import CannotBuild, Rebuilt, free_name, with_pages
from isolab.scenario.case import Case, Fixture, Navigate, Open, Step, Wait


def on_a_page_of_its_own(given: Case, own: Own, success: Success, app: Stance, sign_in: Stance) -> Rebuilt:
    """Rebuild a case so: `app` is the stance of the page that had the button, `sign_in` that of the new one.

    The app's other pages send nothing. Raises CannotBuild.
    """
    told = next((check for check in success.checks if check.subject == own.window), None)
    if told is None or not told.fact.startswith("says."):
        raise CannotBuild("the page with the button tells nothing of its success")
    name = free_name(given, "sign-in")
    old = given.pages[own.app]
    page = replace(old, name=name, path=f"/{name}")
    left = replace(old, body=Fixture("page"), embeds=())
    steps: list[Step] = [_at(step, own, name) for step in given.steps]
    span = given.steps[-1].span
    steps.append(Wait(own.window, None, told.fact.removeprefix("says."), closed=False, span=span))
    steps.append(Navigate(own.window, own.app, "location", span))
    stances = {name: sign_in, own.app: app, **dict.fromkeys(own.others, Stance())}
    return Rebuilt(replace(with_pages(given, page, left), steps=tuple(steps)), stances)


def _at(step: Step, own: Own, name: str) -> Step:
    """The step; what led to the page with the button leads to the page for sign-in."""
    if isinstance(step, Open | Navigate) and step.page == own.app:
        return replace(step, page=name)
    return step
