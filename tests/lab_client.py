"""A client that speaks to the lab's port in raw bytes, as a browser does and as no browser would."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from isolab.lab.server import Lab

_CONFIG = re.compile(r"isolab(?:Window|Worker)\((\{.*\})\);")


@dataclass(frozen=True)
class Answer:
    """A response: header names as sent, in their order."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def config(self) -> dict[str, object]:
        """What the lab hands to the probe of this document."""
        found = _CONFIG.search(self.body.decode())
        assert found
        config: dict[str, object] = json.loads(found.group(1))
        return config

    @property
    def document(self) -> str:
        return str(self.config["doc"])


class Wire:
    """One connection."""

    def __init__(self, lab: Lab, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lab = lab
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes | str) -> None:
        self.writer.write(data.encode() if isinstance(data, str) else data)
        await self.writer.drain()

    async def answer(self) -> Answer:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        return Answer(int(first.split()[1]), headers, await self._body({n.lower(): v for n, v in headers}))

    async def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return await self.reader.readexactly(int(headers.get("content-length", 0)))
        body = b""
        while length := int(await self.reader.readuntil(b"\r\n"), 16):
            body += await self.reader.readexactly(length)
            await self.reader.readuntil(b"\r\n")
        await self.reader.readuntil(b"\r\n")
        return body

    async def connect(self, authority: str) -> int:
        """Ask for a tunnel; gives the status."""
        await self.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n")
        return (await self.answer()).status

    async def secure(self, host: str) -> None:
        """Go on in TLS; the certificate must be `host`'s and come from the lab's authority."""
        context = ssl.create_default_context(cadata=self.lab.authority.root_pem.decode())
        await self.writer.start_tls(context, server_hostname=host)

    async def request(
        self, host: str, target: str = "/", method: str = "GET", body: str = "", head: str = ""
    ) -> Answer:
        await self.send(
            f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body.encode())}\r\n{head}\r\n{body}"
        )
        return await self.answer()

    async def ended(self) -> bool:
        """Whether the other side has closed, with nothing more to say."""
        return await self.reader.read() == b""


@asynccontextmanager
async def wire(lab: Lab) -> AsyncIterator[Wire]:
    """A connection to the lab's port."""
    reader, writer = await asyncio.open_connection("127.0.0.1", lab.port)
    try:
        yield Wire(lab, reader, writer)
    finally:
        await hang_up(writer)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Break the connection off; returns once it is gone."""
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def https(lab: Lab, host: str, port: int = 443) -> AsyncIterator[Wire]:
    """A connection that speaks TLS with a host of the lab."""
    async with wire(lab) as found:
        assert await found.connect(f"{host}:{port}") == 200
        await found.secure(host)
        yield found


async def get(lab: Lab, url: str) -> Answer:
    """What a URL is answered with."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    if scheme == "http":
        async with wire(lab) as plain:
            return await plain.request(authority, url)
    host, _, port = authority.partition(":")
    async with https(lab, host, int(port or 443)) as secure:
        return await secure.request(authority, slash + path)


async def exchange(lab: Lab, host: str, said: object) -> Answer:
    """What a page's report is answered with; text is sent as it is."""
    body = said if isinstance(said, str) else json.dumps(said)
    async with https(lab, host) as secure:
        return await secure.request(host, "/.isolab/exchange", "POST", body)
