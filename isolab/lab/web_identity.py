"""Where browsers look up the identity provider that they mediate sign-ins with (FedCM).

They ask at its registrable domain, which has no stage's label. So the lab answers there for one stage at a time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web

from isolab.lab.document import Served
from isolab.lab.stage import Stage

PATH = "/.well-known/web-identity"


class LookUp:
    """Whose provider it is that browsers find now."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def of(self, stage: Stage) -> AsyncIterator[None]:
        """Have browsers find this stage's meanwhile; waits until no other is found any more."""
        async with self._turn:
            self._stage = stage
            try:
                yield
            finally:
                self._stage = None

    def at(self, host: str, plain: Stage | None) -> Stage | None:
        """The stage whose provider is looked up at a host; `plain` is the one whose hosts have no label, if any."""
        stages = (self._stage, plain)
        return next((stage for stage in stages if stage is not None and stage.identity_domain == host), None)


def answer(request: web.BaseRequest, stage: Stage, host: str) -> web.StreamResponse:
    """What a browser finds; the request is put on the stage's record."""
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    asked, url = tuple(request.headers.items()), stage.canonical(f"https://{host}{PATH}")
    told = stage.identify(Served(stage.record.now_s(), request.method, url, None, HTTPStatus.OK, headers, asked))
    return web.Response(text=json.dumps(told), headers=dict(headers))
