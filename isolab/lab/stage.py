"""A stage: the host names under one label, the case that plays on it now, and the commands that its pages wait for."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal
from urllib.parse import urlsplit

from isolab.lab.client import Answer
from isolab.lab.collector import REPORTS
from isolab.lab.document import Document, Event, Json, Served
from isolab.lab.forward import Forwarder
from isolab.lab.names import mentioned
from isolab.lab.orders import Batch, Orders
from isolab.lab.record import Record
from isolab.lab.render import Renderer
from isolab.lab.response import header_lines, respond
from isolab.lab.signin.desk import Desk
from isolab.lab.signin.keys import SigningKey
from isolab.lab.signin.message import Asked
from isolab.policy.site import registrable_domain
from isolab.policy.terms import Origin
from isolab.scenario.case import Case, Page, Upstream
from isolab.waiting import Deadline

HOLD_S = 20.0
"""How long a page's open request is held before it is answered with nothing, in seconds."""

SERVED_S = 5.0
"""How long a page waits for a request that it has caused to come; later than that it will not, in seconds."""

ROUNDS = 6
"""So often it waits that long, where the request has come and its answer, or that of a frame, has not."""

DEFAULT_PORTS: Mapping[str, int] = {"https": 443, "http": 80}


class Stage:
    """One label's worth of hosts: `https://app.example` is served as `https://LABEL.app.example`.

    The label keeps what two cases store apart; relations between hosts stay, since it is put in front of each.
    A case that finds its first document already open on the stage may go on in it: see `play`.
    """

    def __init__(self, label: str, key: SigningKey | None = None) -> None:
        self.label = label
        self._key = key or SigningKey()
        self._prefix = f"{label}." if label else ""
        self.case: Case | None = None
        self.record = Record()
        self._renderer: Renderer | None = None
        self._forwarder: Forwarder | None = None
        self._mentioned: set[str] = set()
        self._desk: Desk | None = None
        self._pages: dict[tuple[Origin, str], Page] = {}
        self._documents: dict[str, tuple[Document, Record]] = {}
        self._orders: dict[str, Orders] = defaultdict(Orders)
        self._before: dict[str, dict[str, Json]] = {}
        self._ids = itertools.count(1)
        self._plays = 0
        self._hops: dict[str, tuple[Served, ...]] = {}

    def play(self, case: Case, keep: Document | None = None) -> Record:
        """Serve `case` from now on, with a new record; `keep` is the document that is open already and stays."""
        self.dismiss(keep)
        self.case = case
        self.record = Record()
        self._plays += 1
        self._renderer = Renderer(case, self.place, f"{REPORTS}{self._plays}/")
        self._desk = self._sign_in_desk(case, self._renderer)
        self._pages = {(p.origin, p.path): p for p in case.pages.values()}
        self._forwarder = Forwarder(case, self.label, self._renderer.fill)
        self._mentioned = set()
        self._hops = {}
        if keep:
            # The same response, though the scenario may call its page otherwise.
            keep.page = next(p.name for p in case.pages.values() if self.address(p) == keep.address)
            self.record.adopt(keep)
            # Sent along with the next command: what its windows of the case before do is of no interest any more.
            self._before[keep.id] = {"id": 0, "do": "forget"}
            self._documents[keep.id] = (keep, self.record)
        return self.record

    def _sign_in_desk(self, case: Case, renderer: Renderer) -> Desk | None:
        if case.provider is None:
            return None
        home = case.pages[case.provider.endpoints["authorize"][0]]
        fill = partial(renderer.fill, page=home)
        return Desk(case.provider, self._key, fill, lambda name: self.address(case.pages[name]))

    @property
    def identity_domain(self) -> str | None:
        """Where browsers look up the provider that they mediate sign-ins with, if the case has one.

        That is a registrable domain, without a label unless the host itself is none: one stage at a time can have it.
        """
        provider = self.case.provider if self.case else None
        if self.case is None or provider is None or not provider.fedcm:
            return None
        host = f"{self._prefix}{self.case.pages[provider.endpoints['fedcm-config'][0]].origin.host}"
        return registrable_domain(host) or host

    def identify(self, served: Served) -> dict[str, object]:
        """What they find there; the request for it is put on the record."""
        assert self._desk is not None  # noqa: S101  else there is no such domain
        self.record.serve(served)
        return self._desk.web_identity()

    def dismiss(self, keep: Document | None = None) -> None:
        """Let every page but `keep` rest, although its window is yet to be closed.

        Until then it would hold a connection, and browsers have few: 6 to a host, 32 to a proxy in Chromium.
        """
        for document in self.record.documents.values():
            if (document.top or document.obeys) and document is not keep:
                self.order(document, id=0, do="rest")

    # --- names ---------------------------------------------------------------------------------------------------

    def place(self, origin: Origin) -> str:
        """Where an origin of the scenario really is, under the label."""
        return f"{origin.scheme}://{self._prefix}{origin.authority}"

    def address(self, page: Page) -> str:
        """The real URL of a page, under the label."""
        return self.place(page.origin) + page.path

    def canonical(self, text: str) -> str:
        """Text with the stage's label taken out of every URL in it."""
        return text.replace(f"://{self._prefix}", "://").replace(f"%3A%2F%2F{self._prefix}", "%3A%2F%2F")

    def admits(self, host: str, port: int) -> Literal["https", "http"]:
        """The scheme of a declared origin, by its name without the label. Raises PermissionError for others."""
        for origin in self.case.hosts.values() if self.case else ():
            if origin.host == host and (origin.port or DEFAULT_PORTS[origin.scheme]) == port:
                return origin.scheme
        self.record.refuse(host)
        raise PermissionError(host)

    def plays(self, host: str) -> bool:
        """Whether the case declares this host name (without the label); the record says it if not."""
        declared = any(origin.host == host for origin in (self.case.hosts.values() if self.case else ()))
        if not declared:
            self.record.refuse(host)
        return declared

    def names(self, host: str) -> bool:
        """Whether a page of the case has this host's name written out in its headers, HTML or options.

        What a server of the user's own sends counts as well.
        """
        if host.lower() in self._mentioned:
            return True
        written = re.compile(rf"(?<![\w.-]){re.escape(host)}(?![\w.-])", re.IGNORECASE)
        pages = self.case.pages.values() if self.case else ()
        return any(written.search(repr((page.headers, page.body, page.embeds))) for page in pages)

    # --- responses ---------------------------------------------------------------------------------------------------

    def page(self, url: str) -> Page | None:
        """The page at a canonical URL; one that is declared without a query answers with any."""
        parts, origin = urlsplit(url), _origin(url)
        exact = self._pages.get((origin, parts.path + (f"?{parts.query}" if parts.query else "")))
        return exact or self._pages.get((origin, parts.path))

    def respond(self, page: Page, served: Served, asked: Asked) -> tuple[bytes, list[tuple[str, str]]]:
        """The body and headers of a page's response, which is put on the record; `asked.url` is the page's real URL."""
        renderer = self._renderer
        assert renderer is not None  # noqa: S101  play() comes before the first request
        name = f"{self.label}-{next(self._ids)}"
        response = respond(page, renderer, self._desk, asked, name)
        headers = header_lines(page, response, renderer)
        served.status = response.status
        via = self._led_here(served, asked.url, headers, response.location)
        if response.body.probed:
            self._expect(name, page, served, asked.url, via)
        self.record.serve(served)
        return response.body.content, headers

    def upstream(self, url: str) -> Upstream | None:
        """The server of the user's own that plays the origin of a canonical URL, if any."""
        return self.case.upstreams.get(_origin(url)) if self.case else None

    def pass_on(
        self, page: Page | None, upstream: Upstream, served: Served, url: str, answer: Answer
    ) -> tuple[bytes, list[tuple[str, str]]]:
        """The body and headers of what such a server answers to a request for a real URL, put on the record."""
        assert self._forwarder is not None  # noqa: S101  play() comes before the first request
        assert self._renderer is not None  # noqa: S101
        passed = self._forwarder.passed(page, upstream, served, url, answer)
        served.status, body = passed.status, passed.body
        via = self._led_here(served, url, passed.headers, passed.location)
        if page is not None and passed.document:
            name = f"{self.label}-{next(self._ids)}"
            body = self._renderer.with_probe(page, body, name)
            self._expect(name, page, served, url, via)
        self._mentioned.update(mentioned(passed.body) if passed.text else ())
        self.record.serve(served)
        return body, list(passed.headers)

    def _led_here(
        self, served: Served, url: str, headers: Sequence[tuple[str, str]], location: str | None
    ) -> tuple[Served, ...]:
        """The redirects that led to a response, whose headers are put down; one that redirects is the next of them."""
        via = self._hops.pop(url, ())
        if location:
            # No request has the fragment.
            self._hops[location.partition("#")[0]] = (*via, served)
        served.headers = tuple((k, self.canonical(v)) for k, v in headers)
        return via

    def _expect(self, name: str, page: Page, served: Served, url: str, via: tuple[Served, ...]) -> None:
        """A document with the probe in it is sent, and will report under this name."""
        served.document = name
        obeys = self._renderer is not None and page.name in self._renderer.obeying
        document = Document(name, page.name, url, served, via, obeys=obeys)
        self._documents[name] = (document, self.record)
        self.record.documents[name] = document

    # --- the exchange ------------------------------------------------------------------------------------------------

    def hear(self, document_id: str, events: Sequence[Event]) -> None:
        """Take a page's reports into the record of the case that it belongs to. Raises KeyError for a stranger.

        A page says again, as it goes away, what it cannot know to have arrived; that counts once.
        """
        document, record = self._documents[document_id]
        for event in events:
            if event.number in document.numbers:
                continue
            record.report(document, event)
            if event.number is not None:
                document.numbers.add(event.number)

    def order(self, document: Document, **command: Json) -> None:
        """Have a top-level document's probe do something. A command of the id 0 is not answered."""
        if before := self._before.pop(document.id, None):
            self._orders[document.id].put(before)
        self._orders[document.id].put(command)

    async def served(self, document_id: str, address: str, *, only_asked: bool = False) -> int:
        """How many requests there were in a document's case, once `address` is answered; -1 if it is never asked for.

        `only_asked`: if it has not been asked for yet, it will not be. A server of the user's own may take longer to
        answer than a browser to ask.
        """
        _, record = self._documents[document_id]
        url = self.canonical(address)

        def coming() -> bool:
            return any(served.url == url or served.framed() for served in record.under_way)

        for _ in range(ROUNDS):
            try:
                with Deadline(0.0 if only_asked and not coming() else SERVED_S) as deadline:
                    return await record.signal.until(partial(_count, record, url), deadline)
            except TimeoutError:
                if not coming():
                    break
        return -1

    def requests(self, document_id: str, page: str) -> list[Json]:
        """What the server was asked for a page so far, in a document's case: methods, URLs, headers, what has run.

        Header names are in small letters; where one came twice its values are joined, as `Headers.get` does.
        Raises KeyError for a stranger.
        """
        _, record = self._documents[document_id]
        return [
            {"method": s.method, "url": s.url, "headers": s.asked(), "ran": record.ran(s)}
            for s in record.requests
            if s.page == page
        ]

    def collect(self, path: str, body: str) -> None:
        """Take reports to an endpoint's path; those of a case that is over come too late. Raises ValueError."""
        play, _, name = path.removeprefix(REPORTS).partition("/")
        if play == str(self._plays):
            self.record.collector.take(name, body)

    async def reports(self, document_id: str, name: str, count: int) -> list[Json]:
        """The reports to an endpoint of a document's case, once there are `count`. Raises KeyError for a stranger."""
        _, record = self._documents[document_id]
        return await record.collector.at_least(name, count)

    async def orders(self, document_id: str, got: int) -> Batch:
        """The commands after the one that a document got last: as soon as there is one, or none when the hold ends.

        Raises KeyError for a stranger.
        """
        document, record = self._documents[document_id]
        orders = self._orders[document_id]
        request = orders.ask()
        # It asks, so it is there: where the connection alone broke, its page asks again.
        document.left = False
        try:
            return await orders.take(got, HOLD_S)
        except asyncio.CancelledError:
            # The browser broke the request off: the page is gone, even where its last words were lost with it.
            if orders.newest(request):
                document.left = True
                record.signal.notify()
            raise


def _count(record: Record, url: str) -> int | None:
    """How many requests there were, those that wait for their answer among them; None before `url` is answered.

    Nor while a frame waits for an answer: it may be where that of `url` leads to.
    """
    answered = any(served.url == url for served in record.requests)
    if not answered or any(served.framed() for served in record.under_way):
        return None
    return len(record.requests) + len(record.under_way)


def _origin(url: str) -> Origin:
    """The origin of an http or https URL. Raises ValueError."""
    parts = urlsplit(url)
    scheme: Literal["https", "http"] = "https" if parts.scheme == "https" else "http"
    return Origin(scheme, parts.hostname or "", parts.port)
