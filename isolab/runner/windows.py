"""The windows of a flow by their names, and which document shows in which.

The server sees documents, not windows: `claims.py` says whose each is.
"""

from __future__ import annotations

from collections.abc import Iterable

from isolab.lab.document import Document
from isolab.lab.record import Record
from isolab.runner.claims import Claims
from isolab.runner.named_window import NamedWindow, closes, final_page
from isolab.scenario.case import Case
from isolab.scenario.responses import chain


class Windows:
    """All windows of one flow; :meth:`claim` is to be called after every change of the record."""

    def __init__(self, case: Case, record: Record) -> None:
        self._case = case
        self._record = record
        self._claims = Claims(self, case, record)
        self.all: dict[str, NamedWindow] = {}

    def __getitem__(self, name: str) -> NamedWindow:
        return self.all[name]

    def add(self, window: NamedWindow) -> NamedWindow:
        """Know a new window."""
        self.all[window.name] = window
        return window

    def adopt(self, window: NamedWindow, document: Document) -> None:
        """A document that is open already shows in this window."""
        self._claims.adopt(window, document)

    def opened(self, window: NamedWindow, handle: int, *, null: bool) -> None:
        """A page has told which handle it got for a window; an existing one is the same window under a second name."""
        window.handle, window.gave_null = None if null else handle, null
        for other in self.all.values():
            same = other.opened_in is window.opened_in and other.handle == window.handle
            if other is not window and window.handle is not None and same:
                other.expecting.extend(window.expecting)
                other.documents.extend(window.documents)
                self.all[window.name] = other
                return

    def opens_told(self, opener: Document) -> int:
        """Up to which of its calls of window.open the windows are known that a document has opened, 0 for none."""
        known = {window.handle for window in self.all.values() if window.opened_in is opener}
        return max((int(h.get("opens", 0)) for n, h in opener.handles.items() if n in known), default=0)

    def claim(self) -> None:
        """Give every loaded top-level document that nobody has yet to its window."""
        self._claims.claim()

    def unclaimed(self) -> list[Document]:
        """Loaded top-level documents that belong to no window of the flow."""
        return self._claims.unclaimed()

    def strangers(self) -> list[Document]:
        """What shows in windows that no step names: a control, which goes on where its case does not, may open some.

        By the word of who opened them: a document that is still to be given to its window is no stranger.
        """
        named = {(id(window.opened_in), window.handle) for window in self.all.values()}
        openers = self._record.documents.values()
        told = {
            id_
            for each in openers
            for id_, number in each.heard.items()
            if number >= 0 and (id(each), number) not in named
        }
        return [d for d in self.unclaimed() if d.id in told and not d.left] if self._case.control else []

    def opener_of(self, window: NamedWindow) -> Document | None:
        """The document that shows now where a window was opened from: in the opener's window, or in a frame of it."""
        return self.within(self.all[window.opener].current, window.frame) if window.opener else None

    def within(self, document: Document | None, frames: Iterable[str]) -> Document | None:
        """The document at the end of a way through frames, once it has reported."""
        for name in frames:
            child = document.children.get(name) if document else None
            document = self._record.documents.get(child) if child else None
        return document

    def frames(self, document: Document) -> list[Document]:
        """The documents in frames of this one, at any depth, that take commands."""
        children = [d for child in document.children.values() if (d := self._record.documents.get(child)) is not None]
        deeper = (frame for child in children for frame in self.frames(child))
        return [child for child in children if child.obeys and not child.left] + list(deeper)

    def shown_at_all(self) -> int:
        """How many windows have shown a page of the flow, closed or not."""
        return len({id(window) for window in self.all.values() if window.documents})

    def told_of(self) -> int:
        """How many windows the steps were to open, closed or not; a second name of one does not count."""
        return len({id(window) for window in self.all.values() if not window.gave_null})

    def shown(self) -> dict[str, str | None]:
        """Which document each window shows, by its id."""
        return {name: window.current.id if window.current else None for name, window in self.all.items()}

    def on_the_way(self) -> list[Document]:
        """Documents that a page went to by itself, or that show in a window which nobody has told to have left."""
        expected = {final_page(self._case, page) for window in self.all.values() for page in window.expecting}
        sent = [
            d
            for d in self._record.documents.values()
            if not d.loaded and not d.left and d.served.navigated() and d.page not in expected
        ]
        # A browser that asks for a document and thinks better of it has shown a later one since.
        order = list(self._record.documents)
        shown = [order.index(d.id) for d in self._record.documents.values() if d.loaded and d.top]
        return [d for d in sent if order.index(d.id) > max(shown, default=-1)] + self.unclaimed()

    def of_target(self, opener: Document, target: str) -> list[str]:
        """The windows that this document has opened under a name that finds them again."""
        if target in ("", "_blank"):
            return []
        named = [w for w in self.all.values() if w.opened_in is opener and w.target == target]
        return [w.name for w in named if not w.closed and not w.gave_null]

    def open(self) -> list[NamedWindow]:
        """The windows that should be open, each once although a named target may go by two names."""
        found: list[NamedWindow] = []
        for window in self.all.values():
            if not window.closed and window not in found:
                found.append(window)
        return found

    def staying(self, window: NamedWindow) -> list[NamedWindow]:
        """Give it, and the other open windows whose page neither has left for nowhere nor asks to be closed."""
        leaving = [other for other in self.open() if other is not window and (other in self.left() or closes(other))]
        return [each for each in self.open() if each not in leaving]

    def may_end_unseen(self, window: NamedWindow) -> bool:
        """Whether a window is between pages, or before its first, while its opener has a handle to close it with.

        One whose page closes it by itself does not end unseen: the page tells.
        """
        closed_by_itself = closes(window) and not self._record.shut_from_outside(window.documents[-1])
        return bool(window.expecting) and not closed_by_itself and window.handle is not None

    @staticmethod
    def reads_closed(window: NamedWindow) -> bool:
        """Whether the opener's handle reads closed: the window is, or it is only severed."""
        handles = window.opened_in.handles if window.opened_in else {}
        return bool(handles.get(window.handle or 0, {}).get("closed"))

    def closed_by_opener(self, window: NamedWindow) -> bool:
        """Whether the handle reads closed although the page that shows has not lost its opener: then it is closed."""
        last = window.documents[-1] if window.documents else None
        linked = bool(last and last.facts.get("opener") and not window.expecting)
        return linked and window.handle is not None and self.reads_closed(window)

    def closing(self, window: NamedWindow) -> bool:
        """Whether its page has asked for its end, or its opener has closed it."""
        return closes(window) or self.closed_by_opener(window)

    def end(self, window: NamedWindow) -> None:
        """A window is closed, and what it was sent to will never show any more."""
        for document in self.served(window):
            document.left = True
            # Its last words may still come.
            self._claims.end(window, document)
        window.closed = True
        window.expecting.clear()

    def left(self) -> list[NamedWindow]:
        """The windows that should be open and whose page has left, with none that is known to come."""
        return [w for w in self.open() if w.documents and w.documents[-1].left and not w.expecting]

    def served(self, window: NamedWindow) -> Iterable[Document]:
        """Documents that were sent to a window that never showed them."""
        wanted = {final_page(self._case, page) for page in window.expecting}
        return [d for d in self._record.documents.values() if d.page in wanted and not d.loaded]

    def ran(self, window: NamedWindow) -> bool:
        """Whether a page that it was sent to has greeted its opener, and has yet to report: that is on its way."""
        heard = window.opened_in.heard if window.opened_in else {}
        return any(heard.get(document.id) == window.handle for document in self.served(window))

    def stopped(self, window: NamedWindow) -> bool:
        """Whether a redirect was sent to a window, and the page that it leads to was never asked for."""
        asked = self._asked()
        ways = [chain(self._case, page) for page in window.expecting]
        return any(way[0].name in asked and way[-1].name not in asked for way in ways)

    def unasked(self, window: NamedWindow) -> bool:
        """Whether nothing on the way to the pages that a window was sent to was ever asked for."""
        ways = [chain(self._case, page) for page in window.expecting]
        return not any(page.name in self._asked() for way in ways for page in way)

    def _asked(self) -> set[str | None]:
        return {served.page for served in self._record.requests}
