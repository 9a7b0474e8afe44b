"""A window as the flow knows it, by its name."""

from __future__ import annotations

from dataclasses import dataclass, field

from isolab.lab.document import Document
from isolab.scenario.case import Case, Redirect


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


def may_move(window: NamedWindow) -> bool:
    """Whether a document that nobody claims may be the window's."""
    return bool(window.expecting) or not window.documents or window.documents[-1].left


def closes(window: NamedWindow) -> bool:
    """Whether the page that it shows has asked for its end."""
    return bool(window.documents) and window.documents[-1].closing
