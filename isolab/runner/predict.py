"""What the standard says of a case, given the responses that the server really sent: beside each observation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from isolab.explain.false_fixes import Link
from isolab.explain.isolation_mends import isolation_mend
from isolab.explain.load_mends import load_mend
from isolab.explain.mends import Mend, mend
from isolab.explain.piped import origin_of
from isolab.explain.setters import usual_setters
from isolab.lab.document import Document as RecordDocument
from isolab.lab.document import Served
from isolab.lab.record import Record
from isolab.policy import group_switch
from isolab.policy.document import Document, framed_document
from isolab.policy.embedding import embed
from isolab.policy.isolation import Isolation, document_isolation, worker_isolation
from isolab.policy.life import Navigation
from isolab.policy.opening import link_without_opener, window_open_without_opener
from isolab.policy.request import request_for, unforeseen
from isolab.policy.response import Hop
from isolab.runner.named_window import NamedWindow
from isolab.runner.result import Cut
from isolab.runner.windows import Windows
from isolab.scenario.case import Case, Check, Click, Embed, Forwarded, Popup, Scalar


@dataclass(frozen=True, slots=True)
class Prediction:
    """The value, the reason in one sentence, and for an opener link the response that cuts it.

    `mend`: the change of headers with which something is loaded, or a page isolated, as a clause; "" for none.
    """

    value: Scalar
    reason: str
    cut: Cut | None = None
    mend: str = ""


class _Unknown(Exception):  # noqa: N818  it is what is not known, not what went wrong in the program
    """A response that the prediction stands on never came, or came to a page that nobody measures."""


class Predictor:
    """Predicts the facts of one case from its record and its windows."""

    def __init__(self, case: Case, record: Record, windows: Windows) -> None:
        self._case = case
        self._record = record
        self._windows = windows

    def predict(self, check: Check) -> Prediction | None:
        """What the rules say, or None where they say nothing about such a fact, or not all responses are known."""
        try:
            return self._predict(check)
        except _Unknown:
            return None

    def _predict(self, check: Check) -> Prediction | None:
        name, *embeds = check.subject.split(".")
        window = self._windows.all.get(name)
        if window is None:
            return None
        if check.fact == "opener":
            return self._opener(window)
        document = self._document(window)
        if document is None:
            return None
        if embeds and check.fact == "load":
            return self._load(document, window, embeds)
        return self._facts(document, window, embeds, check.fact)

    def cut(self, window: str) -> Cut | None:
        """The response that by the rules cuts a window's link to its opener, whether or not a check asks for it.

        None also where not all responses are known.
        """
        try:
            found = self._opener(self._windows.all[window])
        except _Unknown:
            return None
        return found.cut if found else None

    def mend(self, window: str) -> Mend | None:
        """The change of headers with which a window keeps its opener; None for none, or where not all is known."""
        try:
            link = self._link(self._windows.all[window])
        except _Unknown:
            return None
        return mend(link) if link else None

    # --- opener links ------------------------------------------------------------------------------------------------

    def _opener(self, window: NamedWindow) -> Prediction | None:
        if any(s.page is None and s.navigated() and not s.redirects() for s in self._record.requests):
            # A document without a name has shown in some window, nobody knows in which.
            return None
        link = self._link(window)
        if link is None:
            return None
        found = group_switch.opener_fate(link.creator, link.life, noopener=link.noopener)
        return Prediction(found.fate, found.reason, _as_result(found.cut, link.creator) if found.cut else None)

    def _link(self, window: NamedWindow) -> Link | None:
        """The link of a window to its opener, as it came out."""
        noopener = self._noopener(window)
        if window.opened_in is None or window.opener is None or noopener is None:
            return None
        creator = self._creator(window, window.opened_in)
        return Link(window.name, window.opener, creator, self._life(window), noopener) if creator else None

    def _creator(self, window: NamedWindow, opened_in: RecordDocument) -> Document | None:
        """The document that opens a window: top-level, or in a frame of one."""
        if not window.frame or window.opened_within is None:
            return Document(self._hop(opened_in.served))
        found = self._descend(Document(self._hop(window.opened_within.served)), window.opened_within.page, window.frame)
        return found[0] if found else None

    def _life(self, window: NamedWindow) -> tuple[Navigation, ...]:
        """Every navigation of the popup, and of its opener after it was opened, in the order of the server's log."""
        assert window.opened_in is not None  # noqa: S101  checked by the caller
        opener = self._windows[window.opener or ""].documents
        top = window.opened_within or window.opened_in
        later = opener[opener.index(top) + 1 :] if top in opener else []
        mine = [*window.documents, *self._windows.served(window)]
        log = [(d.served.at_s, "popup", d) for d in mine] + [(d.served.at_s, "opener", d) for d in later]
        return tuple(
            Navigation(tuple(self._hop(s) for s in (*d.via, d.served)), "popup" if who == "popup" else "opener")
            for _, who, d in sorted(log, key=lambda entry: entry[0])
        )

    def _noopener(self, window: NamedWindow) -> bool | None:
        """Whether the way of opening asks for no opener; None where a script or a link of the page's own decides."""
        for step in self._case.steps:
            if isinstance(step, Popup) and step.window == window.name:
                return _without_opener(step)
            if isinstance(step, Click) and step.opens == window.name and window.handle is not None:
                return False
        return None

    # --- documents ---------------------------------------------------------------------------------------------------

    def _document(self, window: NamedWindow) -> Document | None:
        shown = window.current
        return Document(self._hop(shown.served)) if shown else None

    def _hop(self, served: Served) -> Hop:
        return Hop(served.url, origin_of(served.url), served.status, served.headers)

    def _load(self, document: Document, window: NamedWindow, path: list[str]) -> Prediction | None:
        found = self._descend(document, _page(window), path[:-1])
        embedded = found and self._embed(found[1], path[-1])
        if not found or not embedded:
            return None
        if unforeseen(embedded.kind, embedded.attributes):
            return None
        request, hops = request_for(embedded.kind, embedded.attributes), self._hops(embedded.page)
        verdict = embed(found[0], request, hops)
        mend = load_mend(found[0], request, hops)
        return Prediction("loaded" if verdict.loaded else "blocked", verdict.reason, mend=mend)

    def _descend(self, document: Document, page: str, path: Iterable[str]) -> tuple[Document, str] | None:
        """The embedded document at the end of a path of names, and its page; `page` is the document's."""
        for name in path:
            embedded = self._embed(page, name)
            if embedded is None or embedded.kind != "iframe":
                return None
            document = framed_document(document, self._hops(embedded.page), dict(embedded.attributes))
            page = self._final(embedded.page)
        return document, page

    def _embed(self, page: str, name: str) -> Embed | None:
        return next((e for e in self._case.pages[page].embeds if e.name == name), None)

    def _hops(self, page: str) -> list[Hop]:
        """The responses that a request for a page gets, as the scenario has them, or as its server has sent them."""
        hops: list[Hop] = []
        for name in self._chain(page):
            p = self._case.pages[name]
            if isinstance(p.body, Forwarded):
                return [*hops, *self._received(name)]
            to = getattr(p.body, "to", None)
            location = (("Location", self._case.pages[to].url),) if to else ()
            hops.append(Hop(p.url, p.origin, p.status, (*p.headers, *location)))
        return hops

    def _received(self, page: str) -> list[Hop]:
        """What a server of the user's own sent for a page, and what followed where that was a redirect."""
        there = [number for number, served in enumerate(self._record.requests) if served.page == page]
        if not there:
            raise _Unknown
        served = self._record.requests[there[-1]]
        if not served.redirects():
            return [self._hop(served)]
        target = urljoin(served.url, served.values("Location")[0])
        followed = [s for s in self._record.requests[there[-1] + 1 :] if s.url == target.partition("#")[0]]
        if not followed or followed[0].redirects():
            raise _Unknown
        return [self._hop(served), self._hop(followed[0])]

    def _chain(self, page: str) -> list[str]:
        chain = [page]
        while (to := getattr(self._case.pages[chain[-1]].body, "to", None)) and to not in chain:
            chain.append(to)
        return chain

    def _final(self, page: str) -> str:
        return self._chain(page)[-1]

    def _facts(self, document: Document, window: NamedWindow, path: list[str], fact: str) -> Prediction | None:
        isolation = self._isolation(document, window, path)
        if isolation is None:
            return None
        where, isolated = isolation
        if fact == "isSecureContext":
            return Prediction(where.is_secure_context, f"{where.url} and what it is in decide the secure context")
        values: dict[str, Scalar] = {
            "crossOriginIsolated": isolated.isolated,
            "SharedArrayBuffer": isolated.shared_array_buffer,
            "sharedMemory": isolated.shares_memory,
        }
        return Prediction(values[fact], isolated.reason, mend=isolation_mend(where)) if fact in values else None

    def _isolation(self, document: Document, window: NamedWindow, path: list[str]) -> tuple[Document, Isolation] | None:
        found = self._descend(document, _page(window), path)
        if found:
            return found[0], document_isolation(found[0])
        owner = self._descend(document, _page(window), path[:-1])
        worker = owner and self._embed(owner[1], path[-1])
        if owner and worker and worker.kind == "worker":
            return owner[0], worker_isolation(owner[0], self._case.pages[worker.page].url)
        return None


def _page(window: NamedWindow) -> str:
    return window.current.page if window.current else ""


def _without_opener(step: Popup) -> bool:
    if step.by == "link":
        return link_without_opener(step.rel, step.target)
    return window_open_without_opener(step.features)


def _as_result(cut: group_switch.Cut, creator: Document) -> Cut:
    setters = tuple(map(str, usual_setters(cut, creator.origin)))
    return Cut(cut.url, cut.status, cut.header, cut.from_policy, cut.to_policy, cut.redirect, setters)
