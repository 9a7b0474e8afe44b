"""What a page of the app can send: COOP with COEP, from the strictest to nothing; and what all pages send together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from isolab.policy.coep import COEP
from isolab.policy.coop import COOP
from isolab.scenario.case import Forwarded, Page


@dataclass(frozen=True, slots=True)
class Stance:
    """The two headers of a page; None: not sent."""

    coop: str | None = None
    coep: str | None = None

    def __str__(self) -> str:
        return " + ".join(filter(None, (self.coop, self.coep))) or "none"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """As they are sent."""
        return tuple((name, value) for name, value in ((COOP, self.coop), (COEP, self.coep)) if value)

    @property
    def rank(self) -> int:
        """0 for the strictest; what is not in :data:`STANCES` is as strict as its COOP."""
        return STANCES.index(self if self in STANCES else Stance(self.coop))


NOTHING = Stance()
STANCES: tuple[Stance, ...] = (
    Stance("same-origin", "require-corp"),
    Stance("same-origin", "credentialless"),
    Stance("same-origin"),
    Stance("same-origin-allow-popups"),
    # Stricter than the one above where it is known; Firefox does not know it, so there it is nothing.
    Stance("noopener-allow-popups"),
    NOTHING,
)
"""The strictest first, as the engine that does least with it has it. COEP stands only where it isolates: elsewhere it
blocks what the page loads and gives nothing."""


def beside(app: Stance) -> tuple[Stance, ...]:
    """What the app's other pages are worth trying with: the same on all pages, same-origin, or nothing."""
    same = () if app.coop == "noopener-allow-popups" else (app,)
    return tuple(dict.fromkeys((*same, Stance("same-origin"), NOTHING)))


@dataclass(frozen=True, slots=True)
class Combination:
    """A stance for each page of the app by its name, that of the page with the button first."""

    stances: Mapping[str, Stance]

    @property
    def app(self) -> Stance:
        """That of the page with the button."""
        return next(iter(self.stances.values()))

    @property
    def strictness(self) -> tuple[int, int]:
        """For sorting, the strictest first: the page with the button counts most."""
        ranks = [stance.rank for stance in self.stances.values()]
        return ranks[0], sum(ranks[1:])

    def __str__(self) -> str:
        if len(self.stances) == 1:
            return str(self.app)
        return ", ".join(f"{name}: {stance}" for name, stance in self.stances.items())


def dressed(page: Page, stance: Stance) -> Page:
    """The page with this stance instead of its own. Headers that only report stay."""
    return sending(page, {COOP: stance.coop, COEP: stance.coep})


def sending(page: Page, headers: Mapping[str, str | None]) -> Page:
    """The page with these headers (None: not sent) instead of its own, also where a user's own server sends it."""
    names = {name.lower() for name in headers}
    kept = tuple((name, value) for name, value in page.headers if name.lower() not in names)
    body = replace(page.body, without=page.body.without | names) if isinstance(page.body, Forwarded) else page.body
    return replace(page, headers=(*kept, *((name, value) for name, value in headers.items() if value)), body=body)
