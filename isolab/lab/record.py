"""What was seen of one case: the server's log and the pages' own words, in the order of their coming."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from isolab.waiting import Signal

Json = Any
"""Whatever a page's report holds; it is read with care, since a scenario's own script may have sent it."""


NONCE = "isolab"
"""With this nonce a scenario's Content-Security-Policy may allow the probe and nothing else."""


LOST = "lost"
"""The state of an embedded frame that neither ran nor was blocked."""


class Event(NamedTuple):
    """One thing that a page tells. By its number, where it has one, the same thing is known when it is told again."""

    word: str
    data: Mapping[str, Json]
    number: int | None = None


@dataclass(slots=True)
class Served:
    """One request and the response that it got; URLs as the scenario has them. `at_s`: seconds since the case began."""

    at_s: float
    method: str
    url: str
    page: str | None
    status: int
    headers: tuple[tuple[str, str], ...]
    request_headers: tuple[tuple[str, str], ...]
    document: str | None = None

    def navigated(self) -> bool:
        """Whether it was asked for as the page of a window (Fetch Metadata, `Sec-Fetch-Dest`)."""
        return ("sec-fetch-dest", "document") in ((k.lower(), v) for k, v in self.request_headers)

    def has(self, header: str) -> bool:
        """Whether the response has such a header."""
        return any(name.lower() == header.lower() for name, _ in self.headers)


@dataclass(slots=True)
class Document:
    """A document or worker that the lab served with the probe in it.

    `address` is its real URL, `via` the redirect hops that led to it. `loaded` once it has reported; `numbers` are
    those of the events told. `left` once it says that it is going away, `closing` from when it has asked for its window
    to be closed until the browser refuses. `facts` is what it measured of itself; `handles` is the latest state of each
    window that it opened, by number; `heard` are the documents that have greeted it, each with the number of the handle
    over which it did, and `pings` the number of each one's last greeting; `missed` is what lay over the element that a
    click was meant for.
    """

    id: str
    page: str
    address: str
    served: Served
    via: tuple[Served, ...] = ()
    loaded: bool = False
    numbers: set[int] = field(default_factory=set)
    left: bool = False
    closing: bool = False
    top: bool | None = None
    facts: dict[str, Json] = field(default_factory=dict)
    handles: dict[int, dict[str, Json]] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)
    pings: dict[str, int] = field(default_factory=dict)
    clicks: int = 0
    missed: str = ""
    children: dict[str, str] = field(default_factory=dict)
    embeds: dict[str, dict[str, Json]] = field(default_factory=dict)
    says: dict[str, Json] = field(default_factory=dict)
    done: dict[int, Json] = field(default_factory=dict)


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
        self.documents: dict[str, Document] = {}
        self.reports: list[Report] = []
        self.refused: list[str] = []
        self.crashes: list[str] = []
        self._began = time.monotonic()

    def now_s(self) -> float:
        """Seconds since the case began."""
        return time.monotonic() - self._began

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

        None where a renderer has crashed: that is told, and would only happen again.
        """
        if self.crashes:
            return []
        silent = (d for d in self.documents.values() if not d.loaded and d.served.navigated())
        windows = [d.page for d in silent if not d.served.has("Content-Security-Policy")]
        frames = [
            f"{document.page}.{name}"
            for document in self.documents.values()
            for name, embed in document.embeds.items()
            if embed.get("state") == LOST
        ]
        return windows + frames

    def silenced(self) -> str | None:
        """What to say of documents that never reported and sent a policy that may forbid it, or None without one."""
        policies = {
            document.page: value
            for document in self.documents.values()
            for name, value in document.served.headers
            if name.lower() == "content-security-policy" and not document.loaded
        }
        if not policies:
            return None
        pages = ", ".join(f"{page} ({value})" for page, value in policies.items())
        return (
            f"no report came from a page whose own Content-Security-Policy may forbid it: {pages}; "
            f"isolab's script needs script-src 'nonce-{NONCE}' and connect-src 'self'"
        )

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

    def report(self, document: Document, word: str, data: Mapping[str, Json]) -> None:
        """A page has told something."""
        self.reports.append(Report(self.now_s(), document.id, document.page, word, data))
        _NOTE[word](document, data)
        if word == "child" and data.get("facts") and (child := self.documents.get(str(data["doc"]))):
            # A frame or worker has its parent say it.
            _load(child, data["facts"])
        self.signal.notify()


def _load(document: Document, data: Mapping[str, Json]) -> None:
    document.loaded = True
    document.top = bool(data.get("top"))
    document.facts.update(data)


def _facts(document: Document, data: Mapping[str, Json]) -> None:
    document.facts.update(data)


def _handle(document: Document, data: Mapping[str, Json]) -> None:
    document.handles.setdefault(int(data["n"]), {}).update(data)


def _heard(document: Document, data: Mapping[str, Json]) -> None:
    document.heard[str(data["doc"])] = int(data["n"])
    document.pings[str(data["doc"])] = int(data.get("ping") or 0)


def _child(document: Document, data: Mapping[str, Json]) -> None:
    document.children[str(data["name"])] = str(data["doc"])


def _embed(document: Document, data: Mapping[str, Json]) -> None:
    document.embeds.setdefault(str(data["name"]), {}).update(data)


def _says(document: Document, data: Mapping[str, Json]) -> None:
    document.says[str(data["key"])] = data.get("value")


def _done(document: Document, data: Mapping[str, Json]) -> None:
    document.done[int(data["id"])] = data


def _leave(document: Document, _data: Mapping[str, Json]) -> None:
    document.left = True


def _closing(document: Document, data: Mapping[str, Json]) -> None:
    document.closing = not data.get("refused")


def _clicked(document: Document, data: Mapping[str, Json]) -> None:
    document.clicks += 1
    if "instead" in data:
        document.missed = str(data["instead"])


def _error(document: Document, data: Mapping[str, Json]) -> None:
    document.facts.setdefault("errors", []).append(str(data.get("message"))[:500])


_NOTE = {
    "load": _load,
    "facts": _facts,
    "handle": _handle,
    "heard": _heard,
    "child": _child,
    "embed": _embed,
    "says": _says,
    "done": _done,
    "leave": _leave,
    "closing": _closing,
    "clicked": _clicked,
    "error": _error,
}
WORDS = frozenset(_NOTE)
"""The words of the reporting language; anything else is refused with 400."""
