"""The lab: one server on loopback that plays every host of every case, each on a stage of its own."""

from __future__ import annotations

import asyncio
import itertools
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import LooseHeaders
from multidict import CIMultiDict

from isolab.lab.authority import Authority
from isolab.lab.door import Door
from isolab.lab.record import WORDS, Json, Served
from isolab.lab.stage import Stage

RESERVED = "/.isolab/"
"""Paths below this belong to the probe, on every host."""

WITNESS = f"{RESERVED}witness"
"""A frame that nothing blocks: when it is heard, a frame to the same host that was sent before it would be as well."""

_WITNESS_PAGE = b'<!doctype html><script>parent.postMessage("isolab: here", "*")</script>'
_WITNESS_HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}

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
        self.port = 0
        self._stages: dict[str, Stage] = {}
        self._labels = (f"g{n}" for n in itertools.count(1))
        self._tasks: set[asyncio.Task[None]] = set()

    def stage(self) -> Stage:
        """A new stage under a label that no other has had."""
        label = next(self._labels)
        self._stages[label] = Stage(label)
        return self._stages[label]

    def leave(self, stage: Stage) -> None:
        """Take a stage down; its hosts are refused from now on."""
        self._stages.pop(stage.label, None)

    # --- what the door asks ----------------------------------------------------------------------------------------

    def admit(self, host: str, port: int) -> ssl.SSLContext | None:
        """See :class:`isolab.lab.door.Hall`."""
        label, _, name = host.partition(".")
        if label not in self._stages:
            raise PermissionError(host)
        scheme = self._stages[label].admits(name, port)
        return self.authority.context(host) if scheme == "https" else None

    def keep(self, task: asyncio.Task[None]) -> None:
        """See :class:`isolab.lab.door.Hall`."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """End every task that the door has handed over."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- requests --------------------------------------------------------------------------------------------------

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request: the exchange, a page of the stage's case, or a refusal."""
        label, _, authority = request.host.partition(".")
        stage = self._stages.get(label)
        if stage is None:
            return web.Response(status=421, text="isolab: no case plays on this host\n")
        if request.rel_url.path == WITNESS:
            return web.Response(body=_WITNESS_PAGE, content_type="text/html", headers=_WITNESS_HEADERS)
        if request.rel_url.path.startswith(RESERVED):
            return await self._exchange(stage, request)
        if not stage.plays(authority.partition(":")[0]):
            return web.Response(status=421, text="isolab: the scenario declares no such host\n")
        return self._page(stage, request, authority)

    def _page(self, stage: Stage, request: web.BaseRequest, authority: str) -> web.Response:
        scheme = "https" if request.transport and request.transport.get_extra_info("sslcontext") else "http"
        target = request.rel_url.raw_path_qs
        url = f"{scheme}://{authority}{target}"
        page = stage.page(url)
        asked = tuple((k, stage.canonical(v)) for k, v in request.headers.items())
        served = Served(stage.record.now_s(), request.method, url, page.name if page else None, 404, (), asked)
        if page is None:
            stage.record.serve(served)
            return web.Response(status=404, text=f"isolab: the scenario has no page at {url}\n")
        served.status = page.status
        body, headers = stage.respond(page, served, f"{scheme}://{request.host}{target}")
        # aiohttp wants the type apart from the other headers, unless it is among them.
        return web.Response(status=page.status, body=body, headers=_multi(headers))

    async def _exchange(self, stage: Stage, request: web.BaseRequest) -> web.Response:
        try:
            asked = json.loads(await request.text())
            stage.hear(asked["doc"], _events(asked))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return web.Response(status=400, text=f"isolab: not a report: {error}\n", headers=_OPEN_TO_ALL)
        return web.json_response(await self._hold(stage, asked), headers=_OPEN_TO_ALL)

    async def _hold(self, stage: Stage, asked: dict[str, Json]) -> dict[str, Json]:
        """The answer, when it is due: at once, with the next command, or when a URL has been served."""
        hold = asked.get("hold")
        if hold is True:
            return {"commands": await stage.orders(asked["doc"])}
        if isinstance(hold, dict):
            return {"requests": await stage.served(asked["doc"], str(hold.get("served")))}
        return {}


def _events(asked: dict[str, Json]) -> list[tuple[str, dict[str, Json]]]:
    """What a page tells, in the reporting language. Raises ValueError or TypeError for anything else."""
    events = [(str(word), dict(data)) for word, data in asked.get("events", ())]
    if unknown := {word for word, _ in events} - WORDS:
        raise ValueError(f"unknown words: {sorted(unknown)}")
    return events


def _multi(headers: list[tuple[str, str]]) -> LooseHeaders:
    return CIMultiDict(headers)


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
        yield lab
    finally:
        server.close()
        await http.shutdown(timeout=0.5)
        await lab.end()
