"""Runs made by hand: what a runner would have told, so that each report can be judged by its text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO

from rich.console import Console

from isolab.policy.terms import Origin
from isolab.reports.tally import Tally
from isolab.runner.events import (
    CaseFinished,
    CaseStarted,
    Enforcement,
    EngineFailed,
    EngineStarted,
    Event,
    RunFinished,
    RunStarted,
)
from isolab.runner.result import CaseResult, CheckResult, Cut, EngineInfo
from isolab.scenario.case import Case, Check, Difference, Page, Redirect, Source, Span

SOURCE = Source(
    "scenarios/signin/popup.yaml",
    "title: Sign-in by popup\nexpect:\n  popup.opener: preserved\n  popup.closed: true\n  app.isolated: true\n",
)
STEP = Span(1, 8, 15)
"""Where a step might stand."""
OPENER = Check("popup", "opener", "preserved", Span(3, 17, 26))
CLOSED = Check("popup", "closed", True, Span(4, 17, 21))
ISOLATED = Check("app", "isolated", True, Span(5, 17, 21))
COARSE = Difference(
    "webkit", ">=2.50", False, "https://bugs.webkit.org/1", "isolation is off by default", Span(5, 1, 2)
)

CHROMIUM = EngineInfo("chromium", "131.0", "playwright", "/opt/chromium")
WEBKIT = EngineInfo("webkit", "2.50.6", "webdriver", "/usr/lib/MiniBrowser")
CUT = Cut("https://idp.example/login", 200, "Cross-Origin-Opener-Policy: same-origin", "unsafe-none", "same-origin")
STARTED = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)


def a_case(id_: str = "signin/popup[app.coop=same-origin]", title: str = "Sign-in by popup") -> Case:
    """A case of the scenario above."""
    page = Page("app", Origin("https", "app.example"), "/", 200, (), Redirect("app"))
    checks = (OPENER, CLOSED, ISOLATED)
    return Case(id_, SOURCE, title, {"app.coop": "same-origin"}, {}, {"app": page}, (), checks, tags=("popup",))


def passed(case: Case, engine: EngineInfo = CHROMIUM) -> CaseResult:
    """All as expected."""
    check = CheckResult(OPENER, "preserved", "preserved", ok=True)
    return CaseResult(case, engine.name, "passed", 0.25, (check,))


def severed(case: Case, engine: EngineInfo = WEBKIT) -> CaseResult:
    """The opener link was cut, as the standard has it, and the scenario expects otherwise."""
    check = CheckResult(OPENER, "severed", "severed", ok=False, reason="the policies of the two responses do not match")
    fine = CheckResult(CLOSED, True, None, ok=True)
    artifacts = ("out/signin-popup/webkit.zip",)
    return CaseResult(case, engine.name, "failed", 0.5, (check, fine), {"popup": CUT}, artifacts=artifacts, attempts=2)


def known(case: Case, *, gone: bool = False) -> CaseResult:
    """A known difference that was met, or that is gone."""
    check = CheckResult(ISOLATED, gone, True, ok=True, difference=COARSE, unexpected_pass=gone)
    return CaseResult(case, "webkit", "unexpected-pass" if gone else "known-difference", 0.1, (check,))


def stopped(case: Case, why: str = "the popup was not there after 15 s", step: Span | None = None) -> CaseResult:
    """The case could not be carried out, perhaps because of one step; its checks say the same."""
    checks = (CheckResult(OPENER, None, None, ok=False, seen=False, error=why),)
    return CaseResult(case, "webkit", "error", 15.0, checks, error=why, error_span=step)


def whole_run() -> list[Event]:
    """Two engines, every outcome."""
    case = a_case()
    other = a_case("signin/popup[app.coop=unsafe-none]")
    flaky = CaseResult(other, "chromium", "flaky", 0.2, attempts=3)
    skipped = CaseResult(other, "webkit", "skipped", 0.0, skipped="no passkeys here")
    results = [passed(case), severed(case), known(other), known(case, gone=True), stopped(other), flaky, skipped]
    return run_of(results, gaps=("does not share memory between threads",))


def run_of(
    results: Sequence[CaseResult],
    *,
    gaps: tuple[str, ...] = (),
    failed: str | None = None,
    finished: RunFinished | None = None,
) -> list[Event]:
    """The events of a run with these results."""
    total = {info.name: sum(r.engine == info.name for r in results) for info in (CHROMIUM, WEBKIT)}
    events: list[Event] = [RunStarted(STARTED, (CHROMIUM, WEBKIT), total)]
    events.append(EngineStarted(CHROMIUM, Enforcement(True, True, True, True)))
    if failed is None:
        events.append(EngineStarted(WEBKIT, Enforcement(True, True, True, False, gaps)))
    else:
        events.append(EngineFailed(WEBKIT, failed))
    for result in results:
        events += [CaseStarted(result.case, result.engine), CaseFinished(result)]
    return [*events, finished or RunFinished(3.25)]


def tally_of(events: Sequence[Event]) -> Tally:
    """What the events come to."""
    tally = Tally()
    for event in events:
        tally(event)
    return tally


def a_console(width: int = 120, *, terminal: bool = False) -> tuple[Console, StringIO]:
    """A console that writes into the returned text; not a terminal unless told."""
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        legacy_windows=False,
    )
    return console, out
