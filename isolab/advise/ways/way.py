"""Another way to sign in, as a case made from the given one, or the reason why it cannot be made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from isolab.advise.stance import Stance
from isolab.scenario.case import Case, Click, Fixture, Page
from isolab.scenario.provider import Client


class CannotBuild(Exception):  # noqa: N818 - it is what cannot be done with this scenario
    """The scenario does not have what the way needs; the message says what, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The given case with other pages and steps; `stances` are what the app's pages send in it."""

    case: Case
    stances: Mapping[str, Stance]


@dataclass(frozen=True, slots=True)
class Way:
    """`title` names it, `todo` says what has to be changed; `untested` why it was not built, else "" and `rebuilt`."""

    name: str
    title: str
    todo: str
    rebuilt: tuple[Rebuilt, ...] = field(default=(), repr=False)
    untested: str = ""


def plan_of(page: Page) -> dict[str, Any] | None:
    """The mechanisms of a page that `signin:` made; None for any other page."""
    text = page.body.options.get("plan") if isinstance(page.body, Fixture) else None
    return None if text is None else dict(json.loads(str(text)))


def with_plan(page: Page, plan: Mapping[str, Any]) -> Page:
    """The page with other mechanisms."""
    assert isinstance(page.body, Fixture)  # noqa: S101 - it had a plan
    return replace(page, body=replace(page.body, options={**page.body.options, "plan": json.dumps(plan)}))


def with_options(page: Page, **options: str) -> Page:
    """The page of a fixture with further options."""
    assert isinstance(page.body, Fixture)  # noqa: S101 - it is one of isolab's fixtures by name
    return replace(page, body=replace(page.body, options={**page.body.options, **options}))


def is_fixture(page: Page, name: str) -> bool:
    """Whether a page is a fixture of isolab's, by its name."""
    return isinstance(page.body, Fixture) and page.body.name.partition(".")[0] == name


def with_pages(case: Case, *pages: Page) -> Case:
    """The case with these pages, which take the places of those of the same names."""
    return replace(case, pages={**case.pages, **{page.name: page for page in pages}})


def registered(case: Case, page: str) -> Case:
    """The case whose provider knows the page as a redirect URI of every client: the app registers it."""
    if case.provider is None:
        return case
    clients = tuple(_with_uri(client, url_of(page)) for client in case.provider.clients)
    return replace(case, provider=replace(case.provider, clients=clients))


def _with_uri(client: Client, uri: str) -> Client:
    return client if uri in client.redirect_uris else replace(client, redirect_uris=(*client.redirect_uris, uri))


def url_of(page: str) -> str:
    """What stands for a page's address until it is served."""
    return f"${{{{ url.{page} }}}}"


def free_name(case: Case, wanted: str) -> str:
    """A page's name that no page has yet, nor its path."""
    taken = set(case.pages) | {page.path.strip("/") for page in case.pages.values()}
    return next(name for name in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def last_click(case: Case) -> int:
    """The place among the steps of the click that ends the sign-in. Raises CannotBuild."""
    clicks = [(number, step) for number, step in enumerate(case.steps) if isinstance(step, Click)]
    if not clicks or clicks[-1][1].opens:
        raise CannotBuild("nobody clicks anything in its popup: the provider's page acts by itself")
    return clicks[-1][0]
