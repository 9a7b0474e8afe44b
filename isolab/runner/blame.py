"""Which step of the flow is to blame for what came of it, where the flow went on all the same."""

from __future__ import annotations

from isolab.runner.flight import Flight
from isolab.runner.named_window import NamedWindow, final_page
from isolab.scenario.case import Click, Popup, Span, Step

Blame = tuple[str, Span]
"""What to say, and the place of the step that it is about."""


def missed(flight: Flight) -> Blame | None:
    """Find a click that landed on something that lies over the element it was meant for."""
    for step in flight.case.steps:
        window = flight.windows.all.get(step.window) if isinstance(step, Click) else None
        for document in window.documents if window else ():
            if document.missed:
                return f"the click landed on something else: {document.missed}", step.span
    return None


def opened_nothing(flight: Flight) -> Blame | None:
    """Find a step that was to open a window, of which no page and no handle ever told.

    To be asked only where the driver lists fewer windows than there should be: a page may also be unable to report.
    """
    for step in flight.case.steps:
        name = _opens(step)
        window = flight.windows.all.get(name) if name else None
        if window is None or window.documents or not (window.handle is None or window.gave_null):
            continue
        what = "window.open returned null" if window.gave_null else f"no window is open after this {_kind(step)}"
        return what + _answers(flight, window), step.span
    return None


def _opens(step: Step) -> str | None:
    if isinstance(step, Popup):
        return step.window
    return step.opens if isinstance(step, Click) else None


def _kind(step: Step) -> str:
    return "click" if isinstance(step, Click) else "link"


def _answers(flight: Flight, window: NamedWindow) -> str:
    """A browser closes a window again that it has opened for what turns out to be no page, such as a download."""
    wanted = {final_page(flight.case, page) for page in window.expecting}
    for served in flight.record.requests:
        if served.page in wanted and served.navigated():
            return f", although {served.page} was asked for and answered with status {served.status}"
    return ", and its page was never asked for"
