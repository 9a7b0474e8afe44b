"""Before its first case an engine is measured: an engine that enforces nothing must not make tests pass.

Three small cases of our own go the same way as every other: a link that must be kept, the same link that COOP must cut,
and a page that must be isolated.
"""

from __future__ import annotations

from collections.abc import Mapping

from isolab.engines.engine import Slot
from isolab.lab.server import Lab
from isolab.policy.terms import Origin
from isolab.runner.events import Enforcement
from isolab.runner.observe import Unseen
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
    """What the engine enforces, seen with its own eyes; None for what nobody saw in time."""
    kept, severed, isolated = [await _fly(lab, slot, engine, case) for case in (KEPT, SEVERED, ISOLATED)]
    found = {
        "keeps_opener": _holds(kept, "opener", _FATES["preserved"]),
        "severs": _holds(severed, "opener", _FATES["severed"]),
        "isolates": _holds(isolated, "crossOriginIsolated", {True: True, False: False}),
        "shares_memory": _holds(isolated, "sharedMemory", {True: True, False: False}),
    }
    return Enforcement(**found, detail=tuple(_sentence(name, holds) for name, holds in found.items() if not holds))


_FATES: Mapping[str, Mapping[object, bool]] = {
    "preserved": {"preserved": True, "severed": False, "noopener": False},
    "severed": {"severed": True, "preserved": False},
}
"""What the fate of a link says of the engine; a popup that never loaded says nothing."""

_GAPS = {
    "keeps_opener": "it keeps no opener link even without headers: opener checks are errors",
    "severs": "it does not enforce COOP (a popup keeps its opener under same-origin): opener checks are errors",
    "isolates": "it does not isolate a page with COOP same-origin and COEP require-corp: isolation checks are errors",
    "shares_memory": "it does not share memory in an isolated page (SharedArrayBuffer is missing or cannot be posted): "
    "that a page shares none says nothing about its headers",
}

_UNMEASURED = {
    "keeps_opener": "whether it keeps an opener link without headers was not seen: opener checks are errors",
    "severs": "whether it enforces COOP was not seen: opener checks are errors",
    "isolates": "whether it isolates a page was not seen: isolation checks are errors",
    "shares_memory": "whether it shares memory in an isolated page was not seen",
}


def _sentence(name: str, holds: bool | None) -> str:
    return _GAPS[name] if holds is False else f"{_UNMEASURED[name]} (within {TIMEOUT_S:g} s)"


def _holds(flown: Flown, fact: str, meaning: Mapping[object, bool]) -> bool | None:
    """What a flight says of the engine; None where it did not come so far, since silence is no measurement."""
    seen = [value for check, value in flown.observed.items() if check.fact == fact and not isinstance(value, Unseen)]
    return meaning.get(seen[0]) if seen else None


async def _fly(lab: Lab, slot: Slot, engine: EngineName, case: Case) -> Flown:
    stage = lab.stage()
    try:
        return await fly(case, engine, stage, slot, timeout_s=TIMEOUT_S)
    finally:
        await slot.clear()
        lab.leave(stage)
