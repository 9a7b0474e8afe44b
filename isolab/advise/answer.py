"""What `isolab advise` has found out: plain data, for people and for tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from isolab.advise.formats.page import PageHeaders
from isolab.advise.plan import Plan
from isolab.advise.stance import Combination, Stance
from isolab.advise.variant import Goal
from isolab.advise.verdict import Tried
from isolab.explain.model import FalseFix
from isolab.scenario.case import Case, EngineName


@dataclass(frozen=True, slots=True)
class Attempt:
    """A combination that was flown; `pages` has what each of the app's pages sent, `losses` what it blocks."""

    combination: Combination
    tried: Tried
    pages: tuple[PageHeaders, ...]
    forbidden: str = ""
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WayOut:
    """Another way to sign in. `tried` is None where it was not built (`untested` says why) or not asked for."""

    name: str
    title: str
    todo: str
    untested: str = ""
    stances: Mapping[str, Stance] = field(default_factory=dict)
    tried: Tried | None = None
    pages: tuple[PageHeaders, ...] = ()

    @property
    def works(self) -> bool:
        """Whether it was measured to, in every engine."""
        return self.tried is not None and self.tried.fulfilled


@dataclass(frozen=True, slots=True)
class Answer:
    """`attempts` are in the order of strictness, the strictest first; `skipped` has why an engine was not asked."""

    given: Case
    goal: Goal
    plan: Plan
    engines: tuple[EngineName, ...]
    attempts: tuple[Attempt, ...]
    ways: tuple[WayOut, ...] = ()
    false_fixes: tuple[FalseFix, ...] = ()
    skipped: Mapping[EngineName, str] = field(default_factory=dict)

    @property
    def found(self) -> tuple[Attempt, ...]:
        """Those that fulfil the wish in every engine, the strictest first; behind them those that block something."""
        fulfilled = [attempt for attempt in self.attempts if attempt.tried.fulfilled]
        return tuple(sorted(fulfilled, key=lambda attempt: bool(attempt.losses)))

    @property
    def undecided(self) -> tuple[EngineName, ...]:
        """The engines that could not be judged, where that keeps some combination from fulfilling the wish."""
        open_ = [
            a.tried.verdicts for a in self.attempts if all(v.fulfilled is not False for v in a.tried.verdicts.values())
        ]
        unjudged = {name for verdicts in open_ for name, verdict in verdicts.items() if verdict.fulfilled is None}
        return () if self.found else tuple(name for name in self.engines if name in unjudged)

    @property
    def way_out(self) -> WayOut | None:
        """The first of the other ways that works."""
        return next((way for way in self.ways if way.works), None)

    @property
    def pages(self) -> tuple[PageHeaders, ...]:
        """What to configure: the strictest that fulfils the wish, else the first other way that works; else nothing."""
        if self.found:
            return self.found[0].pages
        return self.way_out.pages if self.way_out else ()
