"""A response whose header lines go out to the byte as they are written, those included that HTTP libraries refuse."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formatdate
from http import HTTPStatus

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

HeaderLines = Sequence[tuple[str, str]]
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_NO_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class RawResponse(web.StreamResponse):
    """A whole response in one write; each character of a header value is one byte (Latin-1), white space included.

    Headers that frame the body are made here, unless the lines have such a header: then the connection ends with the
    response, since nobody can say where that ends otherwise.
    """

    def __init__(self, status: int, headers: HeaderLines, body: bytes) -> None:
        super().__init__(status=status)
        self._lines = headers
        self._whole = body
        self._own_framing = any(name.lower() in _FRAMING for name, _ in headers)
        self._goes_on: bool | None = None

    @property
    def keep_alive(self) -> bool | None:
        """Whether the connection stays open."""
        return self._goes_on

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write it. Raises ConnectionResetError where the browser is gone."""
        if request.transport is None or request.transport.is_closing():
            raise ConnectionResetError("the connection is closed")
        self._goes_on = request.keep_alive and not self._own_framing
        body = b"" if request.method == "HEAD" or self.status in _NO_BODY else self._whole
        request.transport.write(self._head() + body)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Do nothing: all is written already."""

    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {self.reason}", *(f"{name}: {value}" for name, value in self._framed())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _framed(self) -> list[tuple[str, str]]:
        lines = list(self._lines)
        if not any(name.lower() == "date" for name, _ in lines):
            lines.append(("Date", formatdate(usegmt=True)))
        if not self._own_framing and self.status not in _NO_BODY:
            lines.append(("Content-Length", str(len(self._whole))))
        if not self._goes_on:
            lines.append(("Connection", "close"))
        return lines
