"""Requests to servers of the user's own: what the browser asks goes there, what they answer comes back as it is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from multidict import CIMultiDict
from yarl import URL

CONNECT_S = 5.0
"""How long a server may take to accept a connection, in seconds."""

ANSWER_S = 25.0
"""How long it may take to begin its answer, in seconds: less than a case has, so that the case can say so."""

Lines = Sequence[tuple[str, str]]

_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""What is said to the next machine only (RFC 9110, 7.6.1)."""

_REQUEST_MADE_ANEW = frozenset({"host", "content-length", "accept-encoding", "expect", "forwarded"})
_ANSWER_MADE_ANEW = frozenset({"content-length", "content-encoding"})


NOBODY_LISTENS = "connection refused (nothing listens there: start the server, or correct the address)"
"""What the system's refusal means, most likely."""


class NoAnswerError(Exception):
    """The server does not answer; the message says which, and how that shows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, without what was meant for this connection only; its body is not encoded any more."""

    status: int
    headers: Lines
    body: bytes

    def values(self, name: str) -> list[str]:
        """The values of a header's lines."""
        return [value for key, value in self.headers if key.lower() == name]


@dataclass(frozen=True, slots=True)
class Question:
    """A request as the server is to get it; `target` is its path and query, `url` is whole, as the scenario has it."""

    method: str
    url: str
    target: str
    headers: Lines
    body: bytes
    client: str = "127.0.0.1"


def request_headers(question: Question) -> CIMultiDict[str]:
    """The browser's headers, and those by which a server behind a proxy knows how it is called."""
    scheme, authority = urlsplit(question.url)[:2]
    headers = CIMultiDict(passed_on(question.headers, _REQUEST_MADE_ANEW))
    for name in ("X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-For"):
        headers.popall(name, None)
    headers.update({"Host": authority, "Accept-Encoding": "identity"})
    headers.update({"X-Forwarded-Proto": scheme, "X-Forwarded-Host": authority, "X-Forwarded-For": question.client})
    return headers


def passed_on(lines: Lines, made_anew: Iterable[str]) -> list[tuple[str, str]]:
    """All but what concerns one connection only, by the standard or by its own `Connection` header."""
    named = {word.strip().lower() for key, value in lines if key.lower() == "connection" for word in value.split(",")}
    left_out = _HOP_BY_HOP | named | set(made_anew)
    return [(key, value) for key, value in lines if key.lower() not in left_out]


class Client:
    """Use :func:`open_client`."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def ask(self, base: str, question: Question) -> Answer:
        """Ask the server at `base`. Raises NoAnswerError."""
        url = URL(base + question.target, encoded=True)
        try:
            async with asyncio.timeout(ANSWER_S) as limit:
                answering = self._session.request(
                    question.method,
                    url,
                    headers=request_headers(question),
                    data=BytesIO(question.body) if question.body else None,
                    allow_redirects=False,
                )
                async with answering as answer:
                    # It has begun; how long it goes on is its own affair, and that of the browser.
                    limit.reschedule(None)
                    body = await answer.read()
        except (ClientError, ValueError) as error:
            raise NoAnswerError(f"{base} does not answer: {_reason(error)}") from error
        except TimeoutError as error:
            raise NoAnswerError(f"{base} does not answer: nothing came within {ANSWER_S:g} s") from error
        lines = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in answer.raw_headers]
        return Answer(answer.status, passed_on(lines, _ANSWER_MADE_ANEW), body)


def _reason(error: Exception) -> str:
    """In the system's own words where it was the system that refused."""
    cause = error.os_error if isinstance(error, ClientConnectorError) else error
    # Several addresses of one name have each their own error.
    if isinstance(cause, ConnectionRefusedError) or "Connect call failed" in str(cause):
        return NOBODY_LISTENS
    if isinstance(cause, OSError) and cause.errno is not None and cause.errno > 0:
        return os.strerror(cause.errno).lower()
    return " ".join(str(cause).split()) or repr(cause)


@asynccontextmanager
async def open_client() -> AsyncIterator[Client]:
    """A client that keeps no cookies, follows no redirects, and makes a connection for each request.

    A connection that is kept may be closed by the other side in the moment in which it is used again.
    """
    session = ClientSession(
        connector=TCPConnector(force_close=True, limit=0),
        cookie_jar=DummyCookieJar(),
        timeout=ClientTimeout(total=None, sock_connect=CONNECT_S),
        skip_auto_headers=("User-Agent", "Accept", "Content-Type"),
    )
    async with session:
        yield Client(session)
