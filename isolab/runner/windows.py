"""The windows of a flow by their names, and which document shows in which.

The server sees documents, not windows; the flow's steps say which window is to show which page. Where a page moves on
by itself, the document is given to the one window whose last document has said that it leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from isolab.lab.document import Document
from isolab.lab.record import Record
from isolab.scenario.case import Case, Forwarded, Popup, Redirect
from isolab.scenario.responses import chain


@dataclass(slots=True)
class NamedWindow:
    """A window as the flow knows it.

    `opened_within` is the opener's top-level document then, `frame` leads from it to the frame in it that opened the
    window, () for itself. `target` is the name under which a step had it opened. `handle` is its number among the
    windows that `opened_in` (the opener's document) has opened; `gave_null` if window.open returned null; both unset
    where a link opened it.
    Where a click, or the page by itself, has it opened, `opens_after` is how often that document had called window.open
    before, and `opened_as` which of its calls it came from, as soon as that is told.
    `by_itself`: no step makes the page open it, which it does when it likes.
    `expecting` are pages that it was sent to and that have not loaded yet. `closed` once a step has closed it.
    """

    name: str
    opener: str | None = None
    opened_in: Document | None = None
    opened_within: Document | None = None
    target: str = ""
    frame: tuple[str, ...] = ()
    handle: int | None = None
    gave_null: bool = False
    opens_after: int | None = None
    opened_as: int | None = None
    by_itself: bool = False
    closed: bool = False
    expecting: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    @property
    def current(self) -> Document | None:
        """The document that shows now, or None while one is on its way."""
        return self.documents[-1] if self.documents and not self.expecting else None

    @property
    def severed(self) -> bool | None:
        """Whether the popup's page says that it has no opener; None where it never said, or not the last one."""
        last = self.documents[-1] if self.documents else None
        if last is None or not last.loaded:
            return None
        if self.opened_in and last.id in self.opened_in.heard:
            return False
        return True if last.facts.get("opener") is False else None


def final_page(case: Case, page: str) -> str:
    """The page that shows in the end when `page` is asked for: redirects followed, a loop given up."""
    seen: set[str] = set()
    while isinstance(body := case.pages[page].body, Redirect) and page not in seen:
        seen.add(page)
        page = body.to
    return page


def _may_move(window: NamedWindow) -> bool:
    """Whether a document that nobody claims may be the window's."""
    return bool(window.expecting) or not window.documents or window.documents[-1].left


def _closes(window: NamedWindow) -> bool:
    """Whether the page that it shows has asked for its end."""
    return bool(window.documents) and window.documents[-1].closing


class Windows:
    """All windows of one flow; :meth:`claim` is to be called after every change of the record."""

    def __init__(self, case: Case, record: Record) -> None:
        self._case = case
        self._record = record
        self._claimed: set[str] = set()
        self.all: dict[str, NamedWindow] = {}

    def __getitem__(self, name: str) -> NamedWindow:
        return self.all[name]

    def add(self, window: NamedWindow) -> NamedWindow:
        """Know a new window."""
        self.all[window.name] = window
        return window

    def adopt(self, window: NamedWindow, document: Document) -> None:
        """A document that is open already shows in this window."""
        self._claimed.add(document.id)
        window.documents.append(document)

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

    def _bind(self) -> None:
        """Find the handles of windows that clicks or pages opened: a page may do so long after the click."""
        for window in list(self.all.values()):
            document = window.opened_in
            if document is None or window.opens_after is None or window.opened_as is not None:
                continue
            taken = {w.opened_as for w in self.all.values() if w.opened_in is document}
            calls = sorted((int(state.get("opens", 0)), n) for n, state in document.handles.items())
            for call, number in calls:
                if call > window.opens_after and call not in taken:
                    window.opened_as = call
                    self.opened(window, number, null=bool(document.handles[number].get("null")))
                    break

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

    def claim(self) -> None:
        """Give every loaded top-level document that nobody has yet to its window."""
        self._bind()
        for document in self.unclaimed():
            window = self._expecting(document) or self._linked(document) or self._only_left(document)
            if window:
                for each in (*self._passed(window, document), document):
                    self._claimed.add(each.id)
                    window.documents.append(each)

    def _passed(self, window: NamedWindow, document: Document) -> list[Document]:
        """The documents that a window went through by itself, of which no step tells, on its way to this one.

        Those that nobody claims, sent after its last (or the page that opened it) and before this one, also where the
        page had no time to report; none where another window may have shown them.
        """
        others = [w for w in self.open() if w is not window and _may_move(w)]
        order = list(self._record.documents)
        last = window.documents[-1] if window.documents else window.opened_in
        between = order[order.index(last.id) + 1 if last else 0 : order.index(document.id)]
        sent = [self._record.documents[id_] for id_ in between if id_ not in self._claimed]
        return [] if others else [d for d in sent if (d.top if d.loaded else d.served.navigated())]

    def unclaimed(self) -> list[Document]:
        """Loaded top-level documents that belong to no window of the flow."""
        documents = self._record.documents.values()
        return [d for d in documents if d.loaded and d.top and d.id not in self._claimed]

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
        leaving = [other for other in self.open() if other is not window and (other in self.left() or _closes(other))]
        return [each for each in self.open() if each not in leaving]

    def may_end_unseen(self, window: NamedWindow) -> bool:
        """Whether a window is between pages, or before its first, while its opener has a handle to close it with."""
        return bool(window.expecting) and not _closes(window) and window.handle is not None

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

    def end(self, window: NamedWindow) -> None:
        """A window is closed, and what it was sent to will never show."""
        for document in self.served(window):
            document.left = True
        window.closed = True
        window.expecting.clear()

    def left(self) -> list[NamedWindow]:
        """The windows that should be open and whose page has left, with none that is known to come."""
        return [w for w in self.open() if w.documents and w.documents[-1].left and not w.expecting]

    def served(self, window: NamedWindow) -> Iterable[Document]:
        """Documents that were sent to a window that never showed them."""
        wanted = {final_page(self._case, page) for page in window.expecting}
        return [d for d in self._record.documents.values() if d.page in wanted and not d.loaded]

    def stopped(self, window: NamedWindow) -> bool:
        """Whether a redirect was sent to a window, and the page that it leads to was never asked for."""
        asked = {served.page for served in self._record.requests}
        ways = [chain(self._case, page) for page in window.expecting]
        return any(way[0].name in asked and way[-1].name not in asked for way in ways)

    def _opened_untold(self) -> bool:
        """Whether a page has called window.open, and no window is known that came of it."""
        known = [(window.opened_in, window.handle) for window in self.all.values()]
        told = ((d, number) for d in self._record.documents.values() for number in d.handles)
        return any(not any(d is opener and number == handle for opener, handle in known) for d, number in told)

    def _not_yet(self, window: NamedWindow, document: Document) -> bool:
        """Whether a page is rather the next one of a window that has left: this one may not have been opened yet."""
        unbound = window.by_itself and window.opened_as is None and not window.documents
        return unbound and not document.facts.get("opener") and bool(self.left())

    def _expecting(self, document: Document) -> NamedWindow | None:
        windows = (w for w in self.all.values() if self._place(w, document) is not None)
        waiting = {id(w): w for w in windows if not self._not_yet(w, document)}
        window = self._one_of(list(waiting.values()), document)
        if window:
            del window.expecting[: (self._place(window, document) or 0) + 1]
        return window

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

    def _linked(self, document: Document) -> NamedWindow | None:
        for window in self.all.values():
            heard = window.opened_in.heard if window.opened_in else {}
            if window.handle is not None and heard.get(document.id) == window.handle:
                return window
        return None

    def _only_left(self, document: Document) -> NamedWindow | None:
        empty = self.left()
        return empty[0] if len(empty) == 1 and not self._to_come(document) else None

    def _to_come(self, document: Document) -> bool:
        """Whether a page may show in a window that a page has opened by itself, before the flow has come to tell so."""
        if not self._opened_untold():
            return False
        steps = (step for step in self._case.steps if isinstance(step, Popup) and step.by == "self")
        return any(step.window not in self.all and final_page(self._case, step.page) == document.page for step in steps)
