"""What happened in a case, in time: made from the record and the windows of a flight, for the picture of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from isolab.lab.record import Record
from isolab.runner.flight import Begun
from isolab.runner.moment import Moment, moment
from isolab.runner.sent import Cutter, Sent
from isolab.runner.told import Told
from isolab.runner.whereabouts import Whereabouts
from isolab.runner.windows import Windows
from isolab.scenario.case import Case, Choose, Click, Close, Navigate, Open, Popup, Step, Wait


def timeline(
    case: Case, record: Record, windows: Windows, steps: Sequence[Begun], cutter: Cutter
) -> tuple[Moment, ...]:
    """Every moment of a flight, in the order of time."""
    where = Whereabouts(case, record, windows)
    sent, told = Sent(record, where, cutter), Told(case, record, windows, where)
    seen = [*sent.opened(), *sent.responses(), *told.moments(), *told.lost()]
    opens, others = _steps(steps, seen)
    # The sort keeps this order where moments are equally late.
    return tuple(_closed_once(sorted([*opens, *seen, *others], key=lambda one: one["at_s"])))


def _closed_once(moments: Iterable[Moment]) -> Iterator[Moment]:
    """Leave out that a window was closed that is: its page may tell so as well as the step, and more than once."""
    closed: set[str] = set()
    for one in moments:
        if one["kind"] == "opened":
            closed.discard(one["window"])
        if one["kind"] == "closed":
            if one["window"] in closed:
                continue
            closed.add(one["window"])
        yield one


def _steps(steps: Sequence[Begun], seen: Sequence[Moment]) -> tuple[list[Moment], list[Moment]]:
    """Those that open a window, and all others: these act as soon as the window's page has loaded."""
    opens, others = [], []
    for begun in steps:
        step = begun.step
        window = step.opener if isinstance(step, Popup) else step.window
        if isinstance(step, Open | Wait):
            opens.append(_step(begun.at_s, window, step))
        else:
            others.append(_step(_acted_s(begun, window, seen), window, step))
        # Of a window's end by its own page, that page tells.
        if isinstance(step, Close) and step.by != "self" and begun.done_s is not None:
            others.append({**moment(begun.done_s, window, "closed"), "by": step.by})
    return opens, others


def _acted_s(begun: Begun, window: str, seen: Sequence[Moment]) -> float:
    loads = (one["at_s"] for one in seen if (one["kind"], one["window"]) == ("loaded", window))
    # Moments are rounded, so what they are held against must be as well.
    first_s, last_s = round(begun.at_s, 3), float("inf") if begun.done_s is None else round(begun.done_s, 3)
    return next((at_s for at_s in loads if first_s <= at_s <= last_s), begun.at_s)


def _step(at_s: float, window: str, step: Step) -> Moment:
    return {**moment(at_s, window, "step"), "text": _said(step), "line": step.span.line}


def _said(step: Step) -> str:  # noqa: PLR0911 - one for each verb
    match step:
        case Open():
            return f"open {step.page}"
        case Popup():
            features = f", {step.features}" if step.features else ""
            return f"{'opened by itself:' if step.by == 'self' else step.by} {step.page}{features}"
        case Click():
            return f"click {step.selector}"
        case Navigate():
            return f"go to {step.page} by {step.by}"
        case Close():
            return f"close by {step.by}"
        case Choose():
            return f"choose {step.account}" if step.account is not None else "close the browser's dialog"
        case Wait():
            return f"wait until {_awaited(step)}"


def _awaited(step: Wait) -> str:
    if step.closed:
        return "closed"
    return f"it shows {step.page}" if step.page else f"it says {step.says}"
