"""The moments of the server's log: windows that asked for their first page, responses, and the one that cuts a link."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from isolab.lab.document import Served
from isolab.lab.record import Record
from isolab.runner.moment import Moment, moment
from isolab.runner.named_window import NamedWindow
from isolab.runner.result import Cut
from isolab.runner.whereabouts import Place, Whereabouts

Cutter = Callable[[str], Cut | None]
"""Gives for a window's name the response that by the standard cuts its link to its opener."""


class Sent:
    """Tells the moments of one flight that the server has witnessed."""

    def __init__(self, record: Record, where: Whereabouts, cutter: Cutter) -> None:
        self._record = record
        self._where = where
        self._cutter = cutter

    def opened(self) -> Iterator[Moment]:
        """The opening of each popup."""
        for window in self._where.windows():
            at_s = self._opened_at(window)
            if window.opener is not None and at_s is not None:
                yield {**moment(at_s, window.name, "opened"), "from": window.opener, "by": _how(window)}

    def _opened_at(self, window: NamedWindow) -> float | None:
        """When its opener told of its handle, or when its first page was asked for, whichever came first."""
        opener = window.opened_in.id if window.opened_in else ""
        told = (
            report.at_s
            for report in self._record.reports
            if (report.document, report.word) == (opener, "handle")
            and "opens" in report.data
            and (report.data.get("opens") == window.opened_as or report.data.get("n") == window.handle)
        )
        asked = (served.at_s for served in self._record.requests if self._where.served(served) == (window.name, ""))
        first = [at_s for at_s in (next(told, None), next(asked, None)) if at_s is not None]
        return min(first, default=None)

    def responses(self) -> Iterator[Moment]:
        """Every response to a page of the scenario, and the switch of the group that it brings about."""
        cuts = {window.name: (window, cut) for window in self._where.windows() if (cut := self._cutter(window.name))}
        for served, at_s in self._log():
            place = self._where.served(served)
            # The others are what browsers ask for by themselves, such as an icon.
            if served.page is not None or served.navigated():
                yield _response(served, at_s, place)
            for name, (window, cut) in list(cuts.items()):
                if (served.url, served.status, place.frame) == (cut.url, cut.status, ""):
                    del cuts[name]
                    yield _switch(at_s, window, cut)

    def _log(self) -> Iterator[tuple[Served, float]]:
        """Every response and when it was sent; a page that was open before the case began comes first."""
        logged = {id(served) for served in self._record.requests}
        for document in self._record.documents.values():
            if id(document.served) not in logged:
                yield document.served, 0.0
        yield from ((served, served.at_s) for served in self._record.requests)


def _how(window: NamedWindow) -> str:
    if window.gave_null:
        return "window.open, which returned null"
    return "link" if window.handle is None else "window.open"


def _response(served: Served, at_s: float, place: Place) -> Moment:
    told: Moment = {
        **moment(at_s, place.window, "response"),
        "url": served.url,
        "status": served.status,
        "headers": [f"{name}: {value}" for name, value in served.headers],
    }
    if place.frame:
        told["frame"] = place.frame
    if served.method != "GET":
        told["method"] = served.method
    return told


def _switch(at_s: float, window: NamedWindow, cut: Cut) -> Moment:
    return {
        **moment(at_s, window.name, "switch"),
        "from": window.opener or "",
        "url": cut.url,
        "status": cut.status,
        "header": cut.header,
        "from_policy": cut.from_policy,
        "to_policy": cut.to_policy,
        "severed": window.severed,
    }
