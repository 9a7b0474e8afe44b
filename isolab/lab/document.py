"""One response, the document that came of it, and what that tells: the reporting language, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = Any
"""Whatever a page's report holds; it is read with care, since a scenario's own script may have sent it."""

NO_CONTENT, RESET_CONTENT = 204, 205
REDIRECTION = 3
HTML = frozenset({"text/html", "application/xhtml+xml"})


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

    def navigated_somewhere(self) -> bool:
        """Whether it was asked for as the page of a window or a frame, and nothing says of which.

        Over plain http browsers tell no `Sec-Fetch-Dest` (Fetch Metadata, "append the Fetch metadata headers for a
        request": none for a URL that is not potentially trustworthy). Of what they ask for there, pages of windows and
        frames alone have `Upgrade-Insecure-Requests` (measured in all three).
        """
        asked = self.asked()
        return "sec-fetch-dest" not in asked and asked.get("upgrade-insecure-requests") == "1"

    def framed(self) -> bool:
        """Whether it was asked for as the page of a frame."""
        return self.asked().get("sec-fetch-dest") in ("iframe", "frame")

    def asked(self) -> dict[str, str]:
        """The request's headers: names in small letters, several values of one joined (Fetch, "get")."""
        return joined(self.request_headers)

    def redirects(self) -> bool:
        """Whether the response sends the browser on."""
        return self.status // 100 == REDIRECTION and bool(self.values("Location"))

    def values(self, header: str) -> list[str]:
        """The response's headers of this name."""
        return [value for name, value in self.headers if name.lower() == header.lower()]

    def no_page(self) -> str | None:
        """What makes that a browser shows no document in which a script could report, or None where nothing does."""
        if self.status in (NO_CONTENT, RESET_CONTENT):
            return f"status {self.status}"
        if any(value.strip().lower().startswith("attachment") for value in self.values("Content-Disposition")):
            return "Content-Disposition: attachment"
        types = [value for value in self.values("Content-Type") if value.partition(";")[0].strip().lower() not in HTML]
        return f"Content-Type: {types[0]}" if types else None


@dataclass(slots=True)
class Document:
    """A document or worker that the lab served with the probe in it.

    `obeys`: it is a frame that takes commands, as top-level documents do. `address` is its real URL, `via` the redirect
    hops that led to it. `loaded` once it has reported; `numbers` are those of the events told. `left` once it says that
    it is going away, `closing` from when it has asked for its window to be closed until the browser refuses, `foreign`
    if it was a script of another page that asked. `facts` is what it measured of itself; `handles` is the latest state
    of each window that it opened, by number; `heard` are the documents that have greeted it, each with the number of
    the handle over which it did, and `pings` the number of each one's last greeting; `shut` are those whose window its
    own scripts have closed; `missed` is what lay over the element that a click was meant for; `errors` are those that
    no script caught, `breaks` why its reports had to be sent again; `newest` is the number of the last word on each
    thing.
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
    foreign: bool = False
    top: bool | None = None
    obeys: bool = False
    facts: dict[str, Json] = field(default_factory=dict)
    handles: dict[int, dict[str, Json]] = field(default_factory=dict)
    heard: dict[str, int] = field(default_factory=dict)
    pings: dict[str, int] = field(default_factory=dict)
    shut: set[str] = field(default_factory=set)
    clicks: int = 0
    missed: str = ""
    children: dict[str, str] = field(default_factory=dict)
    embeds: dict[str, dict[str, Json]] = field(default_factory=dict)
    says: dict[str, Json] = field(default_factory=dict)
    done: dict[int, Json] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    newest: dict[tuple[str | int, ...], int] = field(default_factory=dict, repr=False)

    def counts(self, number: int | None, *about: str | int) -> bool:
        """Whether an event says the last word on something: requests overtake each other, what was told last counts.

        Without a number it does.
        """
        if number is None:
            return True
        if number < self.newest.get(about, number):
            return False
        self.newest[about] = number
        return True


Told = Mapping[str, Json]


def _load(document: Document, data: Told, number: int | None) -> None:
    document.loaded = True
    document.top = bool(data.get("top"))
    _facts(document, data, number)


def _facts(document: Document, data: Told, number: int | None) -> None:
    document.facts.update({name: value for name, value in data.items() if document.counts(number, "facts", name)})


def _handle(document: Document, data: Told, number: int | None) -> None:
    n = int(data["n"])
    state = document.handles.setdefault(n, {})
    state.update({name: value for name, value in data.items() if document.counts(number, "handle", n, name)})


def _heard(document: Document, data: Told, number: int | None) -> None:
    doc = str(data["doc"])
    n, ping = int(data["n"]), int(data.get("ping") or 0)
    if document.counts(number, "heard", doc):
        document.heard[doc], document.pings[doc] = n, ping


def _child(document: Document, data: Told, number: int | None) -> None:
    name = str(data["name"])
    if document.counts(number, "child", name):
        document.children[name] = str(data["doc"])


def _embed(document: Document, data: Told, number: int | None) -> None:
    name = str(data["name"])
    if document.counts(number, "embed", name):
        document.embeds.setdefault(name, {}).update(data)


def _says(document: Document, data: Told, number: int | None) -> None:
    key = str(data["key"])
    if document.counts(number, "says", key):
        document.says[key] = data.get("value")


def _done(document: Document, data: Told, _number: int | None) -> None:
    document.done[int(data["id"])] = data


def _leave(document: Document, _data: Told, _number: int | None) -> None:
    document.left = True


def _closing(document: Document, data: Told, number: int | None) -> None:
    if document.counts(number, "closing"):
        document.closing = not data.get("refused")
        document.foreign = bool(data.get("foreign"))


def _shut(document: Document, data: Told, _number: int | None) -> None:
    document.shut.add(str(data["doc"]))


def _clicked(document: Document, data: Told, _number: int | None) -> None:
    document.clicks += 1
    if "instead" in data:
        document.missed = str(data["instead"])


def _broke(document: Document, data: Told, _number: int | None) -> None:
    document.breaks.append(str(data.get("why"))[:200])


def _error(document: Document, data: Told, _number: int | None) -> None:
    document.errors.append(str(data.get("message"))[:500])


def _message(_document: Document, _data: Told, _number: int | None) -> None:
    """What a page's own scripts post concerns no check; the record of reports has it for the picture of the case."""


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
    "shut": _shut,
    "clicked": _clicked,
    "broke": _broke,
    "error": _error,
    "message": _message,
}
WORDS = frozenset(_NOTE)
"""The words of the reporting language; anything else is refused with 400."""


def note(document: Document, event: Event) -> None:
    """Take what a document tells into what is known of it. Raises KeyError, ValueError or TypeError for no report."""
    _NOTE[event.word](document, event.data, event.number)


def note_child(child: Document, facts: Told) -> None:
    """A frame or worker has its parent say what it measured."""
    _load(child, facts, None)


def joined(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Header lines by their names in small letters, several values of one joined (Fetch, "get")."""
    found: dict[str, str] = {}
    for name, value in lines:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
