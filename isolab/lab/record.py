"""What was seen of one case: the server's log and the pages' own words, in the order of their coming."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from isolab.lab.collector import Collector
from isolab.lab.document import Document, Event, Json, Served, note, note_child
from isolab.lab.relay import Relay
from isolab.policy.csp import CSP, without
from isolab.waiting import Signal

NONCE = "isolab"
"""With this nonce a scenario's Content-Security-Policy may allow the probe and nothing else."""

LOADED = "loaded"
"""The state of what a page embeds and has."""

LOST = "lost"
"""The state of an embedded frame that neither ran nor was blocked."""


@dataclass(slots=True)
class Report:
    """One thing that a page told, as it came."""

    at_s: float
    document: str
    page: str
    word: str
    data: Mapping[str, Json]


class Record:
    """Everything seen of one case so far; `signal` tells of each addition."""

    def __init__(self) -> None:
        self.signal = Signal()
        self.requests: list[Served] = []
        self.under_way: list[Served] = []
        self.documents: dict[str, Document] = {}
        self.reports: list[Report] = []
        self.collector = Collector(self.signal)
        self.relay = Relay()
        self.refused: list[str] = []
        self.unanswered: dict[str, str] = {}
        self.on_unanswered: Callable[[], None] | None = None
        self.crashes: list[str] = []
        self._began = time.monotonic()

    def now_s(self) -> float:
        """Seconds since the case began."""
        return time.monotonic() - self._began

    @contextmanager
    def answering(self, served: Served) -> Iterator[None]:
        """A request has come, and is not answered as long as the block goes on."""
        self.under_way.append(served)
        try:
            yield
        finally:
            self.under_way = [other for other in self.under_way if other is not served]
            self.signal.notify()

    def serve(self, served: Served) -> None:
        """A response has been sent."""
        self.requests.append(served)
        self.signal.notify()

    def refuse(self, host: str) -> None:
        """A host was asked for that the case does not declare."""
        if host not in self.refused:
            self.refused.append(host)
        self.signal.notify()

    def refusals(self) -> str | None:
        """What to say of the hosts that were refused, or None where there was none."""
        if not self.refused:
            return None
        return f"the browser asked for a host that the scenario does not declare: {', '.join(self.refused)}"

    def lost(self) -> list[str]:
        """Pages that were sent to a window or frame and never ran there, though nothing of their own forbids it.

        None where a renderer has crashed or a server does not answer: that is told, and would only happen again.
        """
        if self.crashes or self.unanswered:
            return []
        silent = [*self._silent(), *self._silent_somewhere()]
        windows = [d.page for d in silent if not (_silencing(d.served) or d.served.no_page())]
        frames = [
            f"{document.page}.{name}"
            for document in self.documents.values()
            for name, embed in document.embeds.items()
            if embed.get("state") == LOST
        ]
        return windows + frames

    def _silent(self) -> list[Document]:
        """Documents that were sent to a window and never reported, although it did not end before."""
        return [d for d in self._unheard() if d.served.navigated()]

    def _silent_somewhere(self) -> list[Document]:
        """The same of those sent to a window or a frame, nobody knows which: none where some frame shows nothing."""
        embeds = (embed for document in self.documents.values() for embed in document.embeds.values())
        if any(embed.get("state") != LOADED for embed in embeds):
            return []
        return [d for d in self._unheard() if d.served.navigated_somewhere()]

    def _unheard(self) -> list[Document]:
        return [d for d in self.documents.values() if not (d.loaded or d.left)]

    def ran(self, served: Served) -> bool | None:
        """Whether the page that came of a response, by its redirects too, has reported; None where none is to come."""
        came = [d for d in self.documents.values() if any(hop is served for hop in (*d.via, d.served))]
        if not came:
            return False if served.redirects() else None
        if all(document.served.no_page() for document in came):
            return None
        return any(document.loaded for document in came)

    def no_pages(self) -> str | None:
        """What to say of responses in a window that are no page, or None where each was one."""
        told = {d.page: why for d in self._silent() if (why := d.served.no_page())}
        if not told:
            return None
        pages = ", ".join(f"{page} ({why})" for page, why in told.items())
        return f"only an HTML page can report, and this is none: {pages}"

    def strayed(self) -> str | None:
        """What to say of windows that went where the scenario has no page, or None where none did."""
        urls = dict.fromkeys(s.url for s in self.requests if s.page is None and s.navigated() and not s.redirects())
        if not urls:
            return None
        return f"a window went where the scenario has no page: {', '.join(urls)} (give a page this `path:`)"

    def silenced(self) -> str | None:
        """What to say of documents that never reported and sent a policy that may forbid it, or None without one."""
        policies = {
            document.page: value
            for document in self.documents.values()
            for value in _silencing(document.served)
            if not document.loaded
        }
        if not policies:
            return None
        pages = ", ".join(f"{page} ({value})" for page, value in policies.items())
        return (
            f"no report came from a page whose own Content-Security-Policy may forbid it: {pages}; "
            f"isolab's script needs script-src 'nonce-{NONCE}' and connect-src 'self'"
        )

    def script_errors(self) -> str | None:
        """What to say of errors that nothing in the pages caught, or None where there was none."""
        told = [f"{d.page}: {message}" for d in self.documents.values() for message in d.errors]
        return f"a page's own script failed: {'; '.join(dict.fromkeys(told))}" if told else None

    def shut_from_outside(self, document: Document) -> bool:
        """Whether another page's script had this one close its window: by the word of either."""
        return document.foreign or any(document.id in other.shut for other in self.documents.values())

    def lack(self, host: str, why: str) -> None:
        """The server of the user's own that plays a host does not answer: nothing more that is waited for will come."""
        self.unanswered.setdefault(host, f"the server that plays host `{host}` is not to be had: {why}")
        if self.on_unanswered:
            self.on_unanswered()
        self.signal.notify()

    def crash(self, url: str) -> None:
        """The driver says that the renderer of a page has crashed."""
        self.crashes.append(url)
        self.signal.notify()

    def crashed(self) -> str | None:
        """What to say of pages whose renderer has crashed, or None where there was none."""
        return f"the page's renderer crashed: {', '.join(self.crashes)}" if self.crashes else None

    def adopt(self, document: Document) -> None:
        """A document that was loaded before this case began belongs to it now."""
        self.documents[document.id] = document

    def report(self, document: Document, event: Event) -> None:
        """A page has told something."""
        word, data, _ = event
        self.reports.append(Report(self.now_s(), document.id, document.page, word, data))
        note(document, event)
        if word == "child" and data.get("facts") and (child := self.documents.get(str(data["doc"]))):
            note_child(child, data["facts"])
        self.signal.notify()


def _silencing(served: Served) -> list[str]:
    """The policies of a response that may forbid its page the probe: who may frame it is another matter."""
    return [value for value in served.values(CSP) if without(value, "frame-ancestors")]
