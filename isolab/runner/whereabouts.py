"""In which window, and in which frame of it, a response or a document belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from isolab.lab.document import Document, Served
from isolab.lab.record import Record
from isolab.runner.named_window import NamedWindow
from isolab.runner.windows import Windows
from isolab.scenario.case import Case
from isolab.scenario.responses import chain


class Place(NamedTuple):
    """A window's name, and what within it: "" for the window's own page, else the names that lead to it."""

    window: str
    frame: str = ""

    def within(self, name: str) -> str:
        """The way to something that is embedded here."""
        return f"{self.frame}.{name}" if self.frame else name


NOWHERE = Place("")


class Whereabouts:
    """The places of everything in a record, as far as anyone has told."""

    def __init__(self, case: Case, record: Record, windows: Windows) -> None:
        self._case = case
        self._record = record
        self._windows = windows
        self._documents: dict[str, Place] = {}
        self._served: dict[int, Place] = {}
        self._pages: dict[str, Place] = {}
        for window in self.windows():
            for document in (*window.documents, *windows.served(window)):
                self._put(document, Place(window.name))

    def windows(self) -> list[NamedWindow]:
        """The windows of the flow in the order of their opening, each once although it may go by two names."""
        return list({id(window): window for window in self._windows.all.values()}.values())

    def document(self, id_: str) -> Place:
        """Where a document shows."""
        return self._documents.get(id_, NOWHERE)

    def served(self, served: Served) -> Place:
        """Where a response belongs: of a page that others embed, the first of them that may have asked for it."""
        known = self._served.get(id(served)) or self._documents.get(served.document or "")
        return known or self._pages.get(served.page or "") or self._referred(served)

    def _put(self, document: Document, place: Place) -> None:
        if document.id in self._documents:
            return
        self._documents[document.id] = place
        for served in (*document.via, document.served):
            self._served.setdefault(id(served), place)
        for name, page in self._embeds(document):
            self._pages.setdefault(page, Place(place.window, place.within(name)))
        for name, child in document.children.items():
            if child in self._record.documents:
                self._put(self._record.documents[child], Place(place.window, place.within(name)))

    def _embeds(self, document: Document) -> Iterator[tuple[str, str]]:
        page = self._case.pages.get(document.page)
        for embed in page.embeds if page else ():
            yield from ((embed.name, hop.name) for hop in chain(self._case, embed.page))

    def _referred(self, served: Served) -> Place:
        """What a page's own script asks for says at most from which origin it comes."""
        referrer = _origin(served.asked().get("referer", ""))
        told = [place for id_, place in self._documents.items() if referrer == _origin(self._url(id_))]
        return told[-1] if referrer and len({place.window for place in told}) == 1 else NOWHERE

    def _url(self, document: str) -> str:
        return self._record.documents[document].served.url


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
