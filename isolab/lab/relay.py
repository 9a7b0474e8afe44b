"""Topics that pages talk over by WebSocket (RFC 6455), through their own server: a channel that needs no opener."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress

from aiohttp import WSMsgType, web

RELAY = "/.isolab/relay/"
"""Paths below this are topics, on every host of a case."""


class Relay:
    """What a page says on a topic every other page there hears, also one that comes later; the case ends with it."""

    def __init__(self) -> None:
        self._said: defaultdict[str, list[str]] = defaultdict(list)
        self._present: defaultdict[str, set[web.WebSocketResponse]] = defaultdict(set)

    async def join(self, topic: str, request: web.BaseRequest) -> web.WebSocketResponse:
        """Serve one page's socket until it closes. Raises HTTPBadRequest for a request that opens none."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        # Both before anything is waited for: what is said meanwhile comes once.
        before = tuple(self._said[topic])
        self._present[topic].add(socket)
        try:
            for text in before:
                await socket.send_str(text)
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._tell(topic, socket, message.data)
        finally:
            self._present[topic].discard(socket)
        return socket

    async def _tell(self, topic: str, speaker: web.WebSocketResponse, text: str) -> None:
        self._said[topic].append(text)
        for socket in self._present[topic] - {speaker}:
            # Its page may just be going.
            with suppress(ConnectionError):
                await socket.send_str(text)
