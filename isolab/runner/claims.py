"""Which window a document shows in: the flow's steps say which window is to show which page.

Where a page moves on by itself, the document is given to the one window whose last document has said that it leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isolab.lab.document import Document
from isolab.lab.record import Record
from isolab.runner.named_window import NamedWindow, final_page, may_move
from isolab.scenario.case import Case, Forwarded, Popup

if TYPE_CHECKING:
    from isolab.runner.windows import Windows


class Claims:
    """Which documents windows have; :meth:`claim` gives out those that are new."""

    def __init__(self, windows: Windows, case: Case, record: Record) -> None:
        self._windows = windows
        self._case = case
        self._record = record
        self._claimed: set[str] = set()
        self._ended: dict[str, NamedWindow] = {}

    def claim(self) -> None:
        """Give every loaded top-level document that nobody has yet to its window."""
        self._bind()
        for document in self.unclaimed():
            ways = (self._late, self._expecting, self._linked, self._only_left)
            window = next((found for way in ways if (found := way(document))), None)
            if window:
                for each in (*self._passed(window, document), document):
                    self._come(window, each)
                    self.adopt(window, each)

    def adopt(self, window: NamedWindow, document: Document) -> None:
        """Know that a document shows in this window."""
        self._claimed.add(document.id)
        window.documents.append(document)

    def end(self, window: NamedWindow, document: Document) -> None:
        """Know that a document went with its window: should it tell of itself after all, it has shown there."""
        self._ended[document.id] = window

    def unclaimed(self) -> list[Document]:
        """Loaded top-level documents that belong to no window of the flow."""
        documents = self._record.documents.values()
        return [d for d in documents if d.loaded and d.top and d.id not in self._claimed]

    def _bind(self) -> None:
        """Find the handles of windows that clicks or pages opened: a page may do so long after the click."""
        for window in list(self._windows.all.values()):
            document = window.opened_in
            if document is None or window.opens_after is None or window.opened_as is not None:
                continue
            taken = {w.opened_as for w in self._windows.all.values() if w.opened_in is document}
            calls = sorted((int(state.get("opens", 0)), n) for n, state in document.handles.items())
            for call, number in calls:
                if call > window.opens_after and call not in taken:
                    window.opened_as = call
                    self._windows.opened(window, number, null=bool(document.handles[number].get("null")))
                    break

    def _passed(self, window: NamedWindow, document: Document) -> list[Document]:
        """The documents that a window went through by itself, of which no step tells, on its way to this one.

        Those that nobody claims, sent after its last (or the page that opened it) and before this one, also where the
        page had no time to report; none where another window may have shown them.
        """
        others = [w for w in self._windows.open() if w is not window and may_move(w)]
        order = list(self._record.documents)
        last = window.documents[-1] if window.documents else window.opened_in
        between = order[order.index(last.id) + 1 if last else 0 : order.index(document.id)]
        free = [id_ for id_ in between if id_ not in self._claimed and self._ended.get(id_, window) is window]
        sent = [self._record.documents[id_] for id_ in free]
        return [] if others else [d for d in sent if (d.top if d.loaded else d.served.navigated())]

    def _opened_untold(self) -> bool:
        """Whether a page has called window.open, and no window is known that came of it."""
        known = [(window.opened_in, window.handle) for window in self._windows.all.values()]
        told = ((d, number) for d in self._record.documents.values() for number in d.handles)
        return any(not any(d is opener and number == handle for opener, handle in known) for d, number in told)

    def _not_yet(self, window: NamedWindow, document: Document) -> bool:
        """Whether a page is rather the next one of a window that has left: this one may not have been opened yet."""
        unbound = window.by_itself and window.opened_as is None and not window.documents
        return unbound and not document.facts.get("opener") and bool(self._windows.left())

    def _expecting(self, document: Document) -> NamedWindow | None:
        windows = (w for w in self._windows.all.values() if self._place(w, document) is not None)
        waiting = {id(w): w for w in windows if not self._not_yet(w, document)}
        return self._one_of(list(waiting.values()), document)

    def _come(self, window: NamedWindow, document: Document) -> None:
        """Expect no more what a window was sent to up to this document."""
        place = self._place(window, document)
        if place is not None:
            del window.expecting[: place + 1]

    def _place(self, window: NamedWindow, document: Document) -> int | None:
        """Which of the pages that a window expects this document is."""
        pages = [final_page(self._case, page) for page in window.expecting]
        if document.page in pages:
            return pages.index(document.page)
        # Where a server of the user's own redirects to is known only once it has.
        passed = [served.page for served in document.via if served.page and self._is_forwarded(served.page)]
        return next((pages.index(page) for page in passed if page in pages), None)

    def _is_forwarded(self, page: str) -> bool:
        return isinstance(self._case.pages[page].body, Forwarded)

    @staticmethod
    def _one_of(waiting: list[NamedWindow], document: Document) -> NamedWindow | None:
        """The window that a document belongs to, of those that expect its page; None as long as that is open.

        Of several, the handle tells over which the document speaks, unless it has no opener to speak to.
        """
        if len(waiting) > 1 and document.facts.get("opener"):
            waiting = [w for w in waiting if w.opened_in and w.opened_in.heard.get(document.id, -1) == w.handle]
        return waiting[0] if waiting else None

    def _late(self, document: Document) -> NamedWindow | None:
        """The closed window whose page says only now that it ran: its last words were on their way."""
        window = self._ended.get(document.id)
        return window and (self._linked(document) or window)

    def _linked(self, document: Document) -> NamedWindow | None:
        for window in self._windows.all.values():
            heard = window.opened_in.heard if window.opened_in else {}
            if window.handle is not None and heard.get(document.id) == window.handle:
                return window
        return None

    def _only_left(self, document: Document) -> NamedWindow | None:
        empty = self._windows.left()
        if len(empty) != 1 or self._to_come(document) or self._another(empty[0], document):
            return None
        return empty[0]

    def _another(self, window: NamedWindow, document: Document) -> bool:
        """Whether a document shows in another window than this one, or may do: it came over another handle.

        A control may open windows that no step names, and its word about a link counts only where that is heard: there
        a document with an opener is given to nobody before.
        """
        heard = [each for each in self._record.documents.values() if document.id in each.heard]
        if not heard:
            mute = self._case.pages[document.page].quiet
            return self._case.control and not mute and bool(document.facts.get("opener"))
        over = window.opened_in.heard.get(document.id, -1) if window.opened_in else -1
        return over >= 0 and over != window.handle

    def _to_come(self, document: Document) -> bool:
        """Whether a page may show in a window that a page has opened by itself, before the flow has come to tell so."""
        if not self._opened_untold():
            return False
        steps = (step for step in self._case.steps if isinstance(step, Popup) and step.by == "self")
        return any(
            step.window not in self._windows.all and final_page(self._case, step.page) == document.page
            for step in steps
        )
