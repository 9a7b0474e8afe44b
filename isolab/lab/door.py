"""The lab's one port: to a browser it is a proxy, and behind it every host name is this very server.

The first bytes of a connection decide. `CONNECT host:port` is answered and the same socket goes on as TLS with that
host's certificate (or as plain HTTP, for a plain origin's WebSocket). Anything else is an HTTP request, usually in
absolute form (`GET http://host/ HTTP/1.1`, RFC 9112, 3.2.2), and goes to the HTTP server as it came.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Protocol, cast

MAX_HEAD = 16 * 1024
"""A CONNECT head longer than this, in bytes, is no browser's."""

_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_BAD = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Hall(Protocol):
    """What the door needs to know of the house behind it."""

    def admit(self, host: str, port: int) -> ssl.SSLContext | None:
        """The TLS context of a declared https origin, None for a declared http one. Raises PermissionError."""

    def keep(self, task: asyncio.Task[None]) -> None:
        """Own a task: end it with the house."""

    def meet(self, transport: asyncio.Transport) -> None:
        """Own a connection that stands at the door: close it with the house."""

    def part(self, transport: asyncio.Transport) -> None:
        """The connection is gone, or somebody else's now."""


class Door(asyncio.Protocol):
    """One connection, until it is known what it speaks; then the HTTP server's protocol takes over."""

    def __init__(self, hall: Hall, http: Callable[[], asyncio.Protocol]) -> None:
        self._hall = hall
        self._http = http
        self._head = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._hall.meet(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  why does not matter
        if self._transport is not None:
            self._hall.part(self._transport)

    def data_received(self, data: bytes) -> None:
        transport = self._transport
        assert transport is not None  # noqa: S101  asyncio calls connection_made first
        self._head += data
        if not b"CONNECT ".startswith(self._head[:8]):
            self._hand_over(transport)
        elif len(self._head) > MAX_HEAD:
            self._turn_away(transport, _BAD)
        elif b"\r\n\r\n" in self._head:
            self._connect(transport)

    def _hand_over(self, transport: asyncio.Transport) -> None:
        http = self._http()
        self._hall.part(transport)
        transport.set_protocol(http)
        http.connection_made(transport)
        if self._head:
            http.data_received(self._head)

    def _connect(self, transport: asyncio.Transport) -> None:
        try:
            host, port = _target(self._head)
            context = self._hall.admit(host, port)
        except ValueError:
            self._turn_away(transport, _BAD)
        except PermissionError:
            self._turn_away(transport, _REFUSED)
        else:
            self._head = b""
            transport.pause_reading()
            transport.write(_ESTABLISHED)
            if context is None:
                self._hand_over(transport)
                transport.resume_reading()
            else:
                loop = asyncio.get_running_loop()
                self._hall.keep(loop.create_task(self._upgrade(transport, context), name=f"TLS {host}"))

    async def _upgrade(self, transport: asyncio.Transport, context: ssl.SSLContext) -> None:
        http = self._http()
        loop = asyncio.get_running_loop()
        try:
            secure = await loop.start_tls(transport, http, context, server_side=True)
        except OSError:  # also ssl.SSLError: the browser went away, or wants nothing to do with the certificate
            transport.abort()
            return
        finally:
            self._hall.part(transport)
        if secure is not None:
            http.connection_made(secure)

    @staticmethod
    def _turn_away(transport: asyncio.Transport, answer: bytes) -> None:
        transport.write(answer)
        transport.close()


def _target(head: bytes) -> tuple[str, int]:
    """Host and port of `CONNECT host:port HTTP/1.1`. Raises ValueError for anything else."""
    authority = head.split(b" ", 2)[1].decode("ascii")
    host, _, port = authority.rpartition(":")
    return host.strip("[]").lower(), int(port)
