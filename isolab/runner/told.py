"""The moments that the pages told of: what they found when they loaded, what they heard and said, and what was lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from isolab.lab.document import Document, Json
from isolab.lab.record import Record, Report
from isolab.runner.moment import Moment, moment, short
from isolab.runner.named_window import NamedWindow
from isolab.runner.whereabouts import Place, Whereabouts
from isolab.runner.windows import Windows
from isolab.scenario.case import Case

GREETING = "greeting"
"""What the probe of a popup posts to its opener as soon as it runs: the proof of the link."""


class Told:
    """Tells the moments of one flight that the pages have witnessed."""

    def __init__(self, case: Case, record: Record, windows: Windows, where: Whereabouts) -> None:
        self._case = case
        self._record = record
        self._windows = windows
        self._where = where
        self._words: Mapping[str, Callable[[Report, Document, Place], Iterator[Moment]]] = {
            "load": self._load,
            "handle": self._handle,
            "heard": self._heard,
            "message": self._message,
            "says": self._says,
            "embed": self._embed,
            "error": self._error,
            "closing": self._closing,
        }

    def moments(self) -> Iterator[Moment]:
        """Every word of a page that shows in a window of the flow."""
        for report in self._record.reports:
            document, word = self._record.documents.get(report.document), self._words.get(report.word)
            place = self._where.document(report.document)
            if document and word and place.window:
                yield from word(report, document, place)

    def lost(self) -> Iterator[Moment]:
        """The greeting of each popup that its opener never heard: nothing else that it posts there arrives either."""
        for window in self._where.windows():
            opener = self._windows[window.opener] if window.opener else None
            for document in window.documents if opener else ():
                if not self._heard_at_all(document) and not self._case.pages[document.page].quiet:
                    at_s = next((r.at_s for r in self._reports(document, "load")), None)
                    if at_s is not None and opener:
                        yield _posted(at_s, opener.name, window.name, GREETING, heard=False)

    def _reports(self, document: Document, word: str) -> Iterator[Report]:
        return (each for each in self._record.reports if (each.document, each.word) == (document.id, word))

    def _heard_at_all(self, document: Document) -> bool:
        return any(document.id in other.heard for other in self._record.documents.values())

    # --- word by word ------------------------------------------------------------------------------------------------

    def _load(self, report: Report, document: Document, place: Place) -> Iterator[Moment]:
        told: Moment = {**moment(report.at_s, place.window, "loaded"), "url": document.served.url}
        isolated = report.data.get("crossOriginIsolated")
        if isinstance(isolated, bool):
            told["isolated"] = isolated
        if self._windows[place.window].opener is not None:
            told["opener"] = bool(report.data.get("opener"))
        yield told

    def _handle(self, report: Report, document: Document, place: Place) -> Iterator[Moment]:
        window = self._by_handle(document, report.data)
        if report.data.get("closed") and window:
            yield {**moment(report.at_s, place.window, "reads-closed"), "from": window.name}

    def _heard(self, report: Report, _document: Document, place: Place) -> Iterator[Moment]:
        if not report.data.get("ping"):
            sender = self._where.document(str(report.data["doc"])).window
            yield _posted(report.at_s, place.window, sender, GREETING, heard=True)

    def _message(self, report: Report, document: Document, place: Place) -> Iterator[Moment]:
        sender = self._sender(report.data, document, place)
        told = _posted(report.at_s, place.window, sender, short(report.data.get("text")), heard=True)
        if place.frame:
            told["frame"] = place.frame
        yield told

    def _sender(self, data: Mapping[str, Json], document: Document, place: Place) -> str:
        """The window from which a message came; a page knows its opener, its own windows and frames."""
        if data.get("by") == "opener":
            return self._windows[place.window].opener or ""
        if data.get("by") in ("parent", "frame"):
            return place.window
        window = self._by_handle(document, data)
        return window.name if window else ""

    def _by_handle(self, document: Document, data: Mapping[str, Json]) -> NamedWindow | None:
        of_mine = (window for window in self._where.windows() if window.opened_in is document)
        return next((window for window in of_mine if window.handle == data.get("n", -1)), None)

    def _says(self, report: Report, _document: Document, place: Place) -> Iterator[Moment]:
        text = short(json.dumps(report.data.get("value"), ensure_ascii=False))
        yield {**moment(report.at_s, place.window, "said"), "name": short(report.data["key"]), "text": text}

    def _embed(self, report: Report, _document: Document, place: Place) -> Iterator[Moment]:
        name, state, why = (str(report.data.get(key) or "") for key in ("name", "state", "detail"))
        told: Moment = {**moment(report.at_s, place.window, "embedded"), "name": place.within(name), "state": state}
        yield {**told, "text": short(why)} if why else told

    def _error(self, report: Report, _document: Document, place: Place) -> Iterator[Moment]:
        yield {**moment(report.at_s, place.window, "error"), "text": short(report.data.get("message"))}

    def _closing(self, report: Report, document: Document, place: Place) -> Iterator[Moment]:
        # A browser that refuses says so later.
        if document.closing:
            outside = self._record.shut_from_outside(document)
            yield {**moment(report.at_s, place.window, "closed"), "by": "opener" if outside else "self"}


def _posted(at_s: float, window: str, sender: str, text: str, *, heard: bool) -> Moment:
    return {**moment(at_s, window, "message"), "from": sender, "text": text, "heard": heard}
