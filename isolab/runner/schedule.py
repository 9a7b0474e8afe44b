"""In which order cases run, and which of them may share the document in their first window.

Opening a page costs an engine more than anything that a popup case does afterwards. Cases that begin with the very same
document of a fixture that does nothing by itself, and then leave that window alone, run one after the other in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from isolab.lab.render import MEASURED_ON_DEMAND
from isolab.runner.control import ISOLATION_HEADERS, control_case, control_key, required, sends_no_isolation_header
from isolab.scenario.case import (
    Case,
    Choose,
    Click,
    Close,
    EngineName,
    Fixture,
    Navigate,
    Open,
    Page,
    Popup,
    Redirect,
    Wait,
)

PASSIVE = frozenset({"page", "page.html"})
"""Fixtures that hold nothing but the probe."""

STATELESS = frozenset(
    {"page", "data", "image", "script", "style", "worker", "signin-app", "signin-callback", "signin-provider"}
)
"""Fixtures (without their endings) that store nothing, and tell others nothing but by the opener link or a channel."""

FORGOTTEN_HEADERS = ISOLATION_HEADERS | {
    "access-control-allow-origin",
    "content-type",
    "permissions-policy",
    "x-frame-options",
}
"""Headers (in lower case) that concern their own response only; a cookie, a cache entry or HSTS would stay."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One flight to be made: of a case (`attempt` counts from 1), or of a control, known by its key.

    `anew` if it has been flown before and the engine lost a page in it, or a control proved nothing.
    """

    case: Case
    attempt: int = 1
    control: str | None = None
    anew: bool = False


Group = tuple[Unit, ...]
"""Units that run one after the other in the same slot, sharing their first document if they have that in common."""


def leaves_no_trace(case: Case, engine: EngineName) -> bool:
    """Whether the case, once its windows are closed, leaves nothing behind in the browser that another could find."""
    return stores_nothing(case) and not any(_cached(page, engine) for page in case.pages.values())


def stores_nothing(case: Case) -> bool:
    """Whether nothing that a page of the case does lasts longer than its window, or reaches beyond it."""
    return not case.upstreams and all(_stateless(page) for page in case.pages.values())


def _stateless(page: Page) -> bool:
    known = all(name.lower() in FORGOTTEN_HEADERS for name, _ in page.headers)
    if isinstance(page.body, Fixture):
        # A channel is heard by every page of its origin, also by one whose window is still being closed.
        return known and page.body.name.partition(".")[0] in STATELESS and "channel" not in page.body.options
    return known and isinstance(page.body, Redirect)  # HTML of the scenario's own may do anything


def _cached(page: Page, engine: EngineName) -> bool:
    """Whether what a page loads may be found in memory by the next.

    Measured: in Firefox an image of the same URL is, whatever `no-store` and its new headers say; in Chromium nothing.
    """
    return engine != "chromium" and any(embed.kind != "iframe" for embed in page.embeds)


def share_key(case: Case, engine: EngineName) -> str | None:
    """Equal for cases that may share their first document; None for a case that needs one of its own."""
    first, *rest = case.steps
    if not isinstance(first, Open) or not leaves_no_trace(case, engine):
        return None
    page = case.pages[first.page]
    passive = isinstance(page.body, Fixture) and page.body.name in PASSIVE and not page.embeds
    if not passive or any(_touches(step, first.window) for step in rest):
        return None
    measured = [fact for fact in MEASURED_ON_DEMAND if any(c.fact == fact for c in case.checks)]
    return repr((page.origin, page.path, page.status, page.headers, measured))


def _touches(step: object, window: str) -> bool:
    """Whether a step changes what the first window shows, or needs a window list of its own.

    A named target might be found in a window of the case before, which is still being closed.
    """
    if isinstance(step, Open) or (isinstance(step, Popup) and step.target not in ("", "_blank")):
        return True
    return isinstance(step, Choose | Click | Close | Navigate | Wait) and step.window == window


def with_controls(cases: Sequence[Case], engine: EngineName) -> list[Unit]:
    """A unit for each case, and one for each control that will be asked for if all is as expected."""
    units = [Unit(case) for case in cases]
    known = {control_key(case, engine) for case in cases if sends_no_isolation_header(case)}
    for case in cases:
        claimed = any(engine in check.engines and required(check, check.expected) for check in case.checks)
        if claimed and (key := control_key(case, engine)) not in known:
            known.add(key)
            units.append(control_unit(case, engine))
    return units


class Agenda:
    """What is still to be done for one engine."""

    def __init__(self, units: Iterable[Unit], engine: EngineName) -> None:
        self._engine = engine
        self._groups: deque[Group] = deque(_grouped(units, engine))

    def __iter__(self) -> Iterator[Unit]:
        return (unit for group in self._groups for unit in group)

    def next(self) -> Group | None:
        """The next units, to be done one after the other in one slot."""
        return self._groups.popleft() if self._groups else None

    def add(self, unit: Unit) -> None:
        """A further unit: a control that turned out to be needed, or a retry."""
        self._groups.append((unit,))

    def extend(self, units: Sequence[Unit]) -> None:
        """Further units, grouped as those before."""
        self._groups.extend(_grouped(units, self._engine))

    def put_back(self, units: Sequence[Unit]) -> None:
        """Units that were begun when their browser was lost: last in the line, since one of them may have killed it."""
        if units:
            self._groups.append(tuple(units))

    def rest(self) -> list[Unit]:
        """Everything that is left, taken off."""
        units = list(self)
        self._groups.clear()
        return units


MOST_IN_A_GROUP = 16
"""A longer group would leave the other slots idle at the end."""


def _grouped(units: Iterable[Unit], engine: EngineName) -> list[Group]:
    alike: dict[str, list[Unit]] = {}
    for number, unit in enumerate(units):
        key = share_key(unit.case, engine) or _one_by_one(unit.case) or str(number)
        alike.setdefault(key, []).append(unit)
    groups = [tuple(group[at : at + MOST_IN_A_GROUP]) for group in alike.values() for at in _starts(group)]
    # The long ones first: what is left at the end is short.
    return sorted(groups, key=len, reverse=True)


def _one_by_one(case: Case) -> str | None:
    """Equal for cases of which the lab can play one at a time: side by side they would wait for each other."""
    return "looked up by browsers" if case.provider is not None and case.provider.fedcm else None


def _starts(group: Sequence[Unit]) -> range:
    return range(0, len(group), MOST_IN_A_GROUP)


def control_unit(case: Case, engine: EngineName) -> Unit:
    """The control of a case in an engine."""
    return Unit(control_case(case), control=control_key(case, engine))
