"""Before its first case an engine is measured: an engine that enforces nothing must not make tests pass.

Three small cases of our own go the same way as every other: a link that must be kept, the same link that COOP must cut,
and a page that must be isolated.
"""

from __future__ import annotations

from isolab.engines.engine import Slot
from isolab.lab.server import Lab
from isolab.policy.terms import Origin
from isolab.runner.events import Enforcement
from isolab.runner.observe import UNSEEN, Observation
from isolab.runner.trial import Flown, fly
from isolab.scenario.case import Case, Check, EngineName, Fixture, Open, Page, Popup, Scalar, Source, Span

TIMEOUT_S = 90.0
"""A freshly started browser is slow; this is also how long a broken one holds a run up, in seconds."""

_SPAN = Span(1, 1, 1)
_APP = Origin("https", "app.example")
_COOP = ("Cross-Origin-Opener-Policy", "same-origin")
_COEP = ("Cross-Origin-Embedder-Policy", "require-corp")


def _case(title: str, facts: tuple[tuple[str, Scalar], ...], *headers: tuple[str, str], popup: bool = False) -> Case:
    pages = {"app": Page("app", _APP, "/app", 200, headers, Fixture("page"))}
    open_app = Open("app", "app", _SPAN)
    checks = tuple(Check("popup" if popup else "app", fact, expected, _SPAN) for fact, expected in facts)
    source = Source("calibration", title)
    if not popup:
        return Case(f"calibration: {title}", source, title, {}, {"app": _APP}, pages, (open_app,), checks)
    pages["popup"] = Page("popup", _APP, "/popup", 200, (), Fixture("page"))
    steps = (open_app, Popup("popup", "popup", "app", "window.open", "_blank", "", "", _SPAN))
    return Case(f"calibration: {title}", source, title, {}, {"app": _APP}, pages, steps, checks)


KEPT = _case("a popup without headers keeps its opener", (("opener", "preserved"),), popup=True)
SEVERED = _case("COOP same-origin severs a popup without it", (("opener", "severed"),), _COOP, popup=True)
ISOLATED = _case(
    "COOP same-origin and COEP require-corp isolate",
    (("crossOriginIsolated", True), ("sharedMemory", True)),
    _COOP,
    _COEP,
)


async def calibrate(lab: Lab, slot: Slot, engine: EngineName) -> Enforcement:
    """What the engine enforces, seen with its own eyes."""
    kept, severed, isolated = [await _fly(lab, slot, engine, case) for case in (KEPT, SEVERED, ISOLATED)]
    values = {check.fact: value for check, value in isolated.observed.items()}
    found = {
        "keeps_opener": _only(kept) == "preserved",
        "severs": _only(severed) == "severed",
        "isolates": values["crossOriginIsolated"] is True,
        "shares_memory": values["sharedMemory"] is True,
    }
    return Enforcement(**found, detail=tuple(_GAPS[name] for name, holds in found.items() if not holds))


_GAPS = {
    "keeps_opener": "it keeps no opener link even without headers: opener checks are errors",
    "severs": "it does not enforce COOP (a popup keeps its opener under same-origin): opener checks are errors",
    "isolates": "it does not isolate a page with COOP same-origin and COEP require-corp: isolation checks are errors",
    "shares_memory": "it does not share memory in an isolated page: SharedArrayBuffer is missing or cannot be posted",
}


async def _fly(lab: Lab, slot: Slot, engine: EngineName, case: Case) -> Flown:
    stage = lab.stage()
    try:
        return await fly(case, engine, stage, slot, timeout_s=TIMEOUT_S)
    finally:
        await slot.clear()
        lab.leave(stage)


def _only(flown: Flown) -> Observation:
    """The one observation; not seen where the flow did not come so far."""
    return next(iter(flown.observed.values()), UNSEEN)
