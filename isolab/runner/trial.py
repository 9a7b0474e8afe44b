"""One flight of one case, from the first step to the last observation; nothing is judged yet."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from isolab.engines.engine import Slot
from isolab.explain.mends import Mend
from isolab.lab.document import Document
from isolab.lab.record import Record
from isolab.lab.stage import Stage
from isolab.runner.blame import missed, opened_nothing
from isolab.runner.cross_examine import Contradiction, cross_examine
from isolab.runner.flight import Flight
from isolab.runner.moment import Moment
from isolab.runner.observe import Observation, Observer
from isolab.runner.predict import Prediction, Predictor
from isolab.runner.result import Cut
from isolab.runner.settle import settle
from isolab.runner.step_errors import StepError
from isolab.runner.timeline import timeline
from isolab.runner.windows import Windows
from isolab.scenario.case import Case, Check, EngineName, Open, Span
from isolab.waiting import Deadline

AFTERWARDS_S = 3.0
"""How long a flight looks on after a step that could not be done, in seconds."""


@dataclass(frozen=True, slots=True)
class Flown:
    """What a flight showed: one observation and prediction a check, by the check's place in the case.

    `settled` if every window shows what it was sent to; `step_error` with `step_span` tell of a step that could not be
    done, `contradiction` of two witnesses that disagree; `linked` are windows that were opened by a link, so without a
    handle; `first` is the document that still shows in the first window. `timeline` is what happened, in time. `cuts`
    has what severed the popups that no check about an opener link asks of, by the rules and by the popup's own word,
    `mends` what keeps the link of each that was severed.
    `came_to` are the pages that each window has shown, in order, each with its word whether it had an opener; `hurried`
    if it went on without words that it waited for.
    """

    case: Case
    record: Record = field(repr=False)
    duration_s: float
    observed: Mapping[Check, Observation]
    predicted: Mapping[Check, Prediction | None]
    step_error: str | None = None
    step_span: Span | None = None
    contradiction: str | None = None
    linked: frozenset[str] = frozenset()
    first: Document | None = None
    settled: bool = True
    timeline: tuple[Moment, ...] = field(default=(), repr=False)
    cuts: Mapping[str, Cut] = field(default_factory=dict)
    mends: Mapping[str, Mend] = field(default_factory=dict)
    came_to: Mapping[str, tuple[tuple[str, bool], ...]] = field(default_factory=dict)
    hurried: bool = False


async def fly(
    case: Case, engine: EngineName, stage: Stage, slot: Slot, *, timeout_s: float, keep: Document | None = None
) -> Flown:
    """Fly a case on a stage. Raises only what means that the engine or isolab itself is broken."""
    with Deadline(timeout_s) as deadline:
        flight = Flight(case, stage, slot, deadline, keep)
        slot.on_crash(flight.bury)
        flight.record.on_unanswered = deadline.end
        try:
            return await _fly(flight, engine)
        finally:
            slot.on_crash(None)
            flight.record.on_unanswered = None


async def _fly(flight: Flight, engine: EngineName) -> Flown:
    case, began = flight.case, time.monotonic()
    step_error, step_span, contradiction, blame = None, None, None, None
    try:
        await flight.walk()
    except StepError as error:
        step_error, step_span = str(error), error.span
        # What the steps after it would have brought about will not come.
        flight.deadline.shorten(AFTERWARDS_S)
    observer = Observer(flight, engine)
    checks = [c for c in case.checks if engine in c.engines and c.subject.split(".")[0] in flight.windows.all]
    observed = await _observe(flight, observer, sorted(checks, key=partial(_silence_last, engine)), engine)
    if step_error is None:
        try:
            await cross_examine(flight)
        except Contradiction as error:
            blame = opened_nothing(flight) if error.missing > 0 else None
            contradiction = None if blame else str(error)
        if found := missed(flight) or blame:
            step_error, step_span = found
    predictor = Predictor(case, flight.record, flight.windows)
    windows = flight.windows.all
    return Flown(
        case=case,
        record=flight.record,
        duration_s=time.monotonic() - began,
        observed=observed,
        predicted={check: predictor.predict(check) for check in checks},
        step_error=step_error,
        step_span=step_span,
        contradiction=contradiction,
        linked=frozenset(n for n, w in windows.items() if w.opener and w.handle is None and not w.gave_null),
        first=_first(case, flight),
        settled=not any(w.expecting for w in windows.values()),
        timeline=timeline(case, flight.record, flight.windows, flight.begun, predictor.cut),
        cuts=dict(_unasked_cuts(checks, flight.windows, predictor)),
        mends={name: mend for name, w in windows.items() if w.severed and (mend := predictor.mend(name))},
        came_to={name: tuple(_passed(document) for document in w.documents) for name, w in windows.items()},
        hurried=flight.hurried,
    )


def _passed(document: Document) -> tuple[str, bool]:
    return document.page, bool(document.facts.get("opener"))


def _unasked_cuts(checks: Sequence[Check], windows: Windows, predictor: Predictor) -> Iterator[tuple[str, Cut]]:
    """A sign-in that never comes to its end is explained by the cut, although only the sign-in is asked for."""
    asked = {check.subject for check in checks if check.fact == "opener"}
    for name, window in windows.all.items():
        if name not in asked and window.handle is not None and window.severed and (cut := predictor.cut(name)):
            yield name, cut


async def _observe(
    flight: Flight, observer: Observer, checks: Sequence[Check], engine: EngineName
) -> dict[Check, Observation]:
    """Every check's fact; all of them anew where a page has moved on meanwhile."""
    silence = any(_of_silence(engine, check) for check in checks)
    while True:
        await settle(flight, messages=silence)
        before = flight.windows.shown()
        observed = {check: await observer.observe(check) for check in checks}
        if flight.windows.shown() == before or not flight.deadline.left_s:
            return observed


def _silence_last(engine: EngineName, check: Check) -> int:
    """Order: facts that are told, then what a page never said, then which windows are open, and how others ended."""
    if check.fact in ("open", "ending"):
        return 2
    return 1 if _of_silence(engine, check) else 0


def _of_silence(engine: EngineName, check: Check) -> bool:
    """Whether a check is about something that a page may never say."""
    return check.fact.startswith("says.") and check.allows(None, engine)


def _first(case: Case, flight: Flight) -> Document | None:
    first = case.steps[0]
    window = flight.windows.all.get(first.window) if isinstance(first, Open) else None
    document = window.current if window else None
    return document if document and not document.left else None
