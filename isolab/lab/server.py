"""The lab: one server on loopback that plays every host of every case, each on a stage of its own."""

from __future__ import annotations

import asyncio
import itertools
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web

from isolab.lab import web_identity, witness
from isolab.lab.authority import Authority
from isolab.lab.client import Client, NoAnswerError, Question, open_client
from isolab.lab.collector import ALLOWED, REPORTS
from isolab.lab.document import WORDS, Event, Json, Served, joined
from isolab.lab.door import Door
from isolab.lab.names import in_bytes, is_text
from isolab.lab.raw import RawResponse
from isolab.lab.relay import RELAY
from isolab.lab.signin.keys import SigningKey
from isolab.lab.signin.message import Asked
from isolab.lab.stage import DEFAULT_PORTS, Stage
from isolab.lab.web_identity import LookUp
from isolab.scenario.case import Endpoint, Forwarded, Page, Upstream
from isolab.waiting import Signal

RESERVED = "/.isolab/"
"""Paths below this belong to the probe, on every host."""

WITNESS = f"{RESERVED}witness"
"""What the probe embeds beside a frame that says nothing."""

AUTHORITY = f"{RESERVED}authority.pem"
"""The root certificate, for a browser that somebody uses by hand and that has to be told to trust it."""

_OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}


class PortError(Exception):
    """The lab has no port to listen on (exit code 3)."""


class Lab:
    """Use :func:`open_lab`. `port` is the loopback port that browsers get as their proxy."""

    def __init__(self) -> None:
        self.authority = Authority()
        self.key = SigningKey()
        self.port = 0
        self._client: Client | None = None
        self._stages: dict[str, Stage] = {}
        self._labels = (f"g{n}" for n in itertools.count(1))
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_the_door: set[asyncio.Transport] = set()
        self._parted = Signal()
        self._look_up = LookUp()

    def stage(self) -> Stage:
        """A new stage under a label that no other has had."""
        return self._put_up(next(self._labels))

    def plain_stage(self) -> Stage:
        """The stage whose hosts have the scenario's own names, for a browser that somebody uses by hand."""
        return self._put_up("")

    def _put_up(self, label: str) -> Stage:
        self._stages[label] = Stage(label, self.key)
        return self._stages[label]

    def _find(self, host: str) -> tuple[Stage | None, str]:
        """The stage that a host (or host:port) belongs to, and its name there."""
        label, _, name = host.partition(".")
        if label in self._stages:
            return self._stages[label], name
        return self._stages.get(""), host

    def _lay_to_charge(self, host: str) -> None:
        """A host without a label was asked for: by a page that names it, or by the browser for itself."""
        for stage in self._stages.values():
            if stage.names(host):
                stage.record.refuse(host)

    def leave(self, stage: Stage) -> None:
        """Take a stage down: its pages rest, and its hosts are refused from now on."""
        stage.dismiss()
        self._stages.pop(stage.label, None)

    def known_to_browsers(self, stage: Stage) -> AbstractAsyncContextManager[None]:
        """Have browsers find this stage's identity provider meanwhile, and that of no other."""
        return self._look_up.of(stage)

    def _looked_up_at(self, host: str) -> Stage | None:
        return self._look_up.at(host, self._stages.get(""))

    @asynccontextmanager
    async def clientele(self) -> AsyncIterator[None]:
        """Be a client of the user's own servers meanwhile."""
        async with open_client() as self._client:
            yield

    # --- what the door asks ----------------------------------------------------------------------------------------

    def admit(self, host: str, port: int) -> ssl.SSLContext | None:
        """See :class:`isolab.lab.door.Hall`."""
        if self._looked_up_at(host) and port == DEFAULT_PORTS["https"]:
            return self.authority.context(host)
        stage, name = self._find(host)
        if stage is None:
            self._lay_to_charge(host)
            raise PermissionError(host)
        scheme = stage.admits(name, port)
        return self.authority.context(host) if scheme == "https" else None

    def keep(self, task: asyncio.Task[None]) -> None:
        """See :class:`isolab.lab.door.Hall`."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def meet(self, transport: asyncio.Transport) -> None:
        """See :class:`isolab.lab.door.Hall`."""
        self._at_the_door.add(transport)

    def part(self, transport: asyncio.Transport) -> None:
        """See :class:`isolab.lab.door.Hall`."""
        self._at_the_door.discard(transport)
        self._parted.notify()

    async def end(self) -> None:
        """End every task that the door has handed over, and every connection that still stands there."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for transport in self._at_the_door:
            transport.abort()
        await self._parted.until(lambda: None if self._at_the_door else True, None)

    # --- requests --------------------------------------------------------------------------------------------------

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request: the exchange, a page of the stage's case, or a refusal."""
        if (answer := self._on_any_host(request)) is not None:
            return answer
        stage, authority = self._find(_authority(request))
        if stage is None:
            self._lay_to_charge(_authority(request).partition(":")[0])
            return web.Response(status=421, text="isolab: no case plays on this host\n")
        if request.rel_url.path == WITNESS:
            return witness.answer()
        if request.rel_url.path.startswith(RESERVED):
            return await self._reserved(stage, request)
        if not stage.plays(authority.partition(":")[0]):
            return web.Response(status=421, text="isolab: the scenario declares no such host\n")
        return await self._page(stage, request, authority)

    def _on_any_host(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """What does not belong to the host that is asked for it."""
        host, path = _authority(request), request.rel_url.path
        if path == AUTHORITY:
            return web.Response(body=self.authority.root_pem, content_type="application/x-x509-ca-cert")
        looked_up = self._looked_up_at(host) if path == web_identity.PATH else None
        return web_identity.answer(request, looked_up, host) if looked_up else None

    async def _reserved(self, stage: Stage, request: web.BaseRequest) -> web.StreamResponse:
        """Answer what the probe, the browser's reporting and the pages' relay ask for."""
        path = request.rel_url.path
        if path.startswith(RELAY):
            return await stage.record.relay.join(path.removeprefix(RELAY), request)
        return await (self._collect if path.startswith(REPORTS) else self._exchange)(stage, request)

    async def _page(self, stage: Stage, request: web.BaseRequest, authority: str) -> web.StreamResponse:
        scheme = "https" if request.transport and request.transport.get_extra_info("sslcontext") else "http"
        url = stage.canonical(f"{scheme}://{authority}{request.rel_url.raw_path_qs}")
        try:
            page = stage.page(url)
        except ValueError as error:
            return web.Response(status=400, text=f"isolab: not a URL: {error}\n")
        # `Host` is the one header that has the label without an URL around it.
        asked = tuple((k, authority if k.lower() == "host" else stage.canonical(v)) for k, v in request.headers.items())
        served = Served(stage.record.now_s(), request.method, url, page.name if page else None, 404, (), asked)
        with stage.record.answering(served):
            return await self._respond(stage, request, served, page)

    async def _respond(
        self, stage: Stage, request: web.BaseRequest, served: Served, page: Page | None
    ) -> web.StreamResponse:
        """Answer with a page, or with what the server says that plays its host."""
        url = served.url
        if (page is None or isinstance(page.body, Forwarded)) and (upstream := stage.upstream(url)):
            return await self._forward(stage, request, served, page, upstream)
        if page is None:
            stage.record.serve(served)
            return web.Response(status=404, text=f"isolab: the scenario has no page at {url}\n")
        text = ""
        if isinstance(page.body, Endpoint):
            await self.key.ready()
            text = (await request.read()).decode("utf-8", "replace")
        asked = Asked(request.method, _address(request, url=url), joined(request.headers.items()), text)
        body, headers = stage.respond(page, served, asked)
        return RawResponse(served.status, headers, body)

    async def _forward(
        self, stage: Stage, request: web.BaseRequest, served: Served, page: Page | None, upstream: Upstream
    ) -> web.StreamResponse:
        """Pass a request on to the server of the user's own that plays its host, and what that answers back."""
        assert self._client is not None  # noqa: S101  open_lab gives it before the first request
        # Not `request.read()`, which takes a megabyte at most: an upload may be larger.
        body = await request.content.read()
        if is_text(request.headers.get("Content-Type", "")):
            body = in_bytes(stage.canonical, body)
        target = stage.canonical(request.rel_url.raw_path_qs)
        headers = served.request_headers
        asked = Question(served.method, served.url, target, headers, body, request.remote or "127.0.0.1")
        try:
            answer = await self._client.ask(upstream.url, asked)
        except NoAnswerError as error:
            served.status = HTTPStatus.BAD_GATEWAY
            stage.record.serve(served)
            stage.record.lack(upstream.host, str(error))
            return web.Response(status=served.status, text=f"isolab: {error}\n")
        content, lines = stage.pass_on(page, upstream, served, _address(request, url=served.url), answer)
        return RawResponse(served.status, lines, content)

    @staticmethod
    async def _collect(stage: Stage, request: web.BaseRequest) -> web.StreamResponse:
        """Take reports that a browser delivers, after it has asked whether it may."""
        headers = {**_OPEN_TO_ALL, **ALLOWED}
        if request.method == "OPTIONS":
            return web.Response(headers=headers)
        try:
            stage.collect(request.rel_url.path, await request.text())
        except ValueError as error:
            return web.Response(status=400, text=f"isolab: not reports: {error}\n", headers=headers)
        return web.Response(status=204, headers=headers)

    async def _exchange(self, stage: Stage, request: web.BaseRequest) -> web.StreamResponse:
        try:
            asked = _asked(await request.text())
            stage.hear(asked["doc"], _events(asked))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return web.Response(status=400, text=f"isolab: not a report: {error}\n", headers=_OPEN_TO_ALL)
        return await self._answer(stage, request, asked)

    async def _answer(self, stage: Stage, request: web.BaseRequest, asked: dict[str, Json]) -> web.StreamResponse:
        """One that is held begins at once, so that the page knows what has arrived, and ends when it is due."""
        if not asked.get("hold"):
            return web.json_response({}, headers=_OPEN_TO_ALL)
        answer = web.StreamResponse(headers={**_OPEN_TO_ALL, "Content-Type": "application/json"})
        # A page that is gone breaks off what is held, and hears no answer.
        with suppress(ConnectionError):
            await answer.prepare(request)
        due = await self._hold(stage, asked)
        with suppress(ConnectionError):
            await answer.write_eof(json.dumps(due).encode())
        return answer

    @staticmethod
    async def _hold(stage: Stage, asked: dict[str, Json]) -> dict[str, Json]:
        """The answer, when it is due: with the next command, when a URL has been served, or at once."""
        hold = asked["hold"]
        if isinstance(hold, dict) and "requests" in hold:
            return {"requests": stage.requests(asked["doc"], str(hold["requests"]))}
        if isinstance(hold, dict) and "reports" in hold:
            reports = await stage.reports(asked["doc"], str(hold["reports"]), int(hold.get("count", 0)))
            return {"reports": reports}
        if isinstance(hold, dict):
            only_asked = bool(hold.get("asked"))
            return {"requests": await stage.served(asked["doc"], str(hold.get("served")), only_asked=only_asked)}
        batch = await stage.orders(asked["doc"], int(asked.get("got", 0)))
        return {"commands": batch.commands, "got": batch.last}


def _authority(request: web.BaseRequest) -> str:
    """Host and port as the browser wrote them: aiohttp's `host` has no port where the target is in absolute form."""
    return request.headers.get("Host", request.host)


def _address(request: web.BaseRequest, *, url: str) -> str:
    """The real URL of a request, `url` being the canonical one."""
    return f"{urlsplit(url).scheme}://{_authority(request)}{request.rel_url.raw_path_qs}"


def _asked(text: str) -> dict[str, Json]:
    """What a page asks for. Raises ValueError, TypeError or AttributeError for anything else."""
    asked: dict[str, Json] = json.loads(text)
    if not isinstance(asked.get("hold") or {}, bool | dict):
        raise TypeError("`hold` is neither a boolean nor an object")
    if type(asked.get("got", 0)) is not int:
        raise TypeError("`got` is no number")
    return asked


def _events(asked: dict[str, Json]) -> list[Event]:
    """What a page tells, in the reporting language. Raises ValueError or TypeError for anything else."""
    events = [_event(*event) for event in asked.get("events", ())]
    if unknown := {event.word for event in events} - WORDS:
        raise ValueError(f"unknown words: {sorted(unknown)}")
    return events


def _event(word: Json, data: Json, number: Json = None) -> Event:
    return Event(str(word), dict(data), None if number is None else int(number))


@asynccontextmanager
async def open_lab(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Lab]:
    """A running lab; `port` 0 chooses a free one. It listens on `host` only. Raises PortError."""
    lab = Lab()
    http = web.Server(lab.handle, access_log=None, handler_cancellation=True, keepalive_timeout=60)
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(lambda: Door(lab, http), host, port, backlog=256)
    except OSError as error:
        raise PortError(f"cannot listen on {host} port {port or 'of any number'}: {error.strerror or error}") from error
    lab.port = server.sockets[0].getsockname()[1]
    try:
        async with lab.clientele():
            yield lab
    finally:
        server.close()
        await lab.end()
        await http.shutdown(timeout=0.5)
