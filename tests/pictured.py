"""Results with a picture in every case: a popup sign-in that an engine's outcome tells apart, as often as is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from report_runs import CHROMIUM, CUT, STARTED, WEBKIT, a_case

from isolab.reports.baseline import compared
from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.tally import Tally
from isolab.runner.moment import Moment, MomentKind
from isolab.runner.result import CaseResult, CheckResult, EngineInfo, Outcome
from isolab.scenario.case import Case, Check, Difference, Source, Span

FIREFOX = EngineInfo("firefox", "153.7.0", "playwright", "/usr/bin/firefox")
ENGINES = (CHROMIUM, FIREFOX, WEBKIT)
TEXT = """title: Sign-in by popup
hosts:
  app: https://app.example
  idp: https://idp.example
flow:
  - open: app
  - click: "#login"
    opens: login
expect:
  - login.opener: preserved
    app.says.token: t0k3n
  - app.crossOriginIsolated: true
"""
OPENER = Check("login", "opener", "preserved", Span(10, 19, 28))
TOKEN = Check("app", "says.token", "t0k3n", Span(11, 21, 26))
ISOLATED = Check("app", "crossOriginIsolated", True, Span(12, 30, 34))
COARSE = Difference(
    "webkit", ">=2.50", False, "https://bugs.webkit.org/1", "isolation is off by default", Span(12, 1, 2)
)
REASON = "https://idp.example/login sends Cross-Origin-Opener-Policy: same-origin: new group, the opener link is cut"
TAGS = (("popup", "signin"), ("popup",), ("isolation",))


def at(at_s: float, window: str, kind: MomentKind, **more: object) -> Moment:
    """One moment."""
    return {"at_s": at_s, "window": window, "kind": kind, **more}  # type: ignore[typeddict-item]


def timeline(*, severed: bool, text: str = "t0k3n") -> tuple[Moment, ...]:
    """A sign-in by popup: with the group switch where it is severed, with its messages heard where it is not."""
    coop = ["Cross-Origin-Opener-Policy: same-origin"] if severed else []
    begin = (
        at(0.0, "app", "step", text="open app", line=6),
        at(0.02, "app", "response", url="https://app.example/", status=200, headers=_headers(*coop)),
        at(
            0.03,
            "app",
            "response",
            url="https://idp.example/logo.png",
            status=200,
            headers=["Content-Type: image/png"],
            frame="logo",
        ),
        at(0.04, "app", "loaded", url="https://app.example/", isolated=False),
        at(0.05, "app", "embedded", name="logo", state="blocked", text="error event"),
        at(0.06, "app", "step", text="click #login", line=7),
        at(0.07, "login", "opened", **{"from": "app", "by": "window.open"}),
        at(0.09, "login", "response", url="https://idp.example/login", status=200, headers=_headers(CUT.header)),
    )
    cut = {
        "url": CUT.url,
        "status": 200,
        "header": CUT.header,
        "from_policy": "unsafe-none",
        "to_policy": "same-origin",
    }
    lost = (
        at(0.09, "login", "switch", severed=True, **{"from": "app"}, **cut),
        at(0.095, "app", "reads-closed", **{"from": "login"}),
        at(0.11, "login", "loaded", url=CUT.url, isolated=False, opener=False),
        at(0.11, "app", "message", text="greeting", heard=False, **{"from": "login"}),
        at(2.4, "login", "error", text="TypeError: opener is null"),
    )
    kept = (
        at(0.11, "login", "loaded", url=CUT.url, isolated=False, opener=True),
        at(0.12, "app", "message", text="greeting", heard=True, **{"from": "login"}),
        at(0.31, "app", "message", text=text, heard=True, **{"from": "login"}),
        at(0.32, "app", "said", name="token", text=f'"{text}"'),
        at(0.33, "login", "closed", by="self"),
    )
    return (*begin, *(lost if severed else kept))


def _headers(*more: str) -> list[str]:
    return [*more, "Content-Type: text/html; charset=utf-8", "Cache-Control: no-store"]


def case_of(number: int, size: int = 20) -> Case:
    """The case of this number; `size` of them make a scenario."""
    scenario, place = divmod(number, size)
    folder = ("signin", "breakage", "isolation")[scenario % 3]
    name = f"scenarios/{folder}/number-{scenario}"
    params = {"app.coop": "same-origin" if place % 2 else None, "hops": place}
    id_ = f"{folder}/number-{scenario}[app.coop={params['app.coop']},hops={place}]"
    case = a_case(id_, f"Sign-in by popup, flow {scenario}")
    return replace(
        case,
        source=Source(f"{name}.yaml", TEXT),
        params=params,
        tags=TAGS[scenario % 3],
        links=("https://html.spec.whatwg.org/",),
    )


def result_of(case: Case, engine: EngineInfo, outcome: Outcome) -> CaseResult:
    """A result that comes to this."""
    known = outcome in ("known-difference", "unexpected-pass")
    failed = outcome in ("failed", "error")
    opener = CheckResult(
        OPENER, "severed" if failed else "preserved", "severed" if failed else "preserved", ok=not failed, reason=REASON
    )
    token = CheckResult(TOKEN, None if failed else "t0k3n", None, ok=not failed, seen=not failed)
    gone = outcome == "unexpected-pass"
    isolated = CheckResult(
        ISOLATED, gone or not known, True, ok=True, difference=COARSE if known else None, unexpected_pass=gone
    )
    if outcome == "skipped":
        return CaseResult(case, engine.name, outcome, 0.0, skipped="no windows here")
    cuts = {"login": replace(CUT, usually_set_by=("Django (SecurityMiddleware)",))} if failed else {}
    error = "the engine was lost" if outcome == "error" else None
    attempts = 2 if outcome == "flaky" else 1
    return CaseResult(
        case,
        engine.name,
        outcome,
        0.4,
        (opener, token, isolated),
        cuts,
        error,
        attempts=attempts,
        timeline=timeline(severed=failed),
    )


OUTCOMES: Sequence[Outcome] = ("passed", "failed", "known-difference", "error", "unexpected-pass", "flaky", "skipped")


def outcome_of(number: int, engine: EngineInfo) -> Outcome:
    """Most pass; one case in seven has something of its own in one engine."""
    place = number // 7 % len(OUTCOMES)
    return OUTCOMES[place] if number % 7 == 3 and engine is ENGINES[place % 3] else "passed"


def results_of(count: int, engines: Sequence[EngineInfo] = ENGINES, size: int = 20) -> Iterator[CaseResult]:
    """So many cases in each engine."""
    for number in range(count):
        case = case_of(number, size)
        yield from (result_of(case, engine, outcome_of(number, engine)) for engine in engines)


def file_of(results: Iterator[CaseResult], engines: Sequence[EngineInfo] = ENGINES) -> ResultsFile:
    """The results file of a run with these."""
    tally = Tally(
        started=STARTED, engines={engine.name: engine for engine in engines}, results=list(results), duration_s=12.5
    )
    return document(tally)


def pictured(count: int = 60) -> ResultsFile:
    """A run with every outcome and everything that a picture can show."""
    return file_of(results_of(count))


def since(count: int = 60) -> ResultsFile:
    """The same, compared with a run in which everything passed."""
    before = file_of(result_of(case_of(number), engine, "passed") for number in range(count) for engine in ENGINES)
    return compared(pictured(count), before, "before.json")


def saved(page: str, folder: Path) -> str:
    """Write the page; gives its URL."""
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()
