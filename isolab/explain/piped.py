"""Responses as `curl -si` prints them, with `-L` one after the other, read to the byte."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from isolab.policy.fields import combined
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

_STATUS_LINE = re.compile(rb"HTTP/\d+(?:\.\d+)? (\d{3})(?: ([^\r\n]*))?\r?\n")
_INTERIM = range(100, 200)
_CHALLENGES = {401, 407}
_DEFAULT_PORTS = {"https": 443, "http": 80}


class NotResponses(ValueError):  # noqa: N818  it says what the text is
    """The text is not what `curl -si` prints; the message has the line."""


@dataclass(frozen=True, slots=True)
class _Head:
    """A response's status and field lines, and where its body begins in the text."""

    status: int
    headers: tuple[tuple[str, str], ...]
    end: int

    def last_of(self, text: bytes) -> bool:
        """Whether nothing shows that another response follows: a status line where the body would begin or ends.

        `curl -I` prints no bodies. One that tells no length may have a status line in it.
        """
        return not any(_STATUS_LINE.match(text, self.end + length) for length in {0, _length(self, text)})


def read_responses(text: bytes, url: str) -> tuple[Hop, ...]:
    """The redirects and the response that a request for `url` got. Raises NotResponses.

    A body is skipped. A challenge (401, 407) that curl answered does not count: the request was made again.
    """
    text = _as_printed(text)
    hops: list[Hop] = []
    challenged = False
    for head in _heads(text):
        hop = Hop(url, _origin(url), head.status, head.headers)
        if challenged:
            hops.pop()
        hops.append(hop)
        challenged = head.status in _CHALLENGES
        if hop.redirects:
            url = _joined(url, combined(head.headers, "Location") or "")
        elif not challenged:
            _check_alone(text, head)
            break
    if not hops:
        raise NotResponses("there is no response: pipe in what `curl -si URL` prints")
    return tuple(hops)


def _as_printed(text: bytes) -> bytes:
    """Without what a shell or an editor of Windows makes of it: a byte order mark, UTF-16."""
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = text.decode("utf-16", errors="replace").encode("utf-8")
    return text.removeprefix(codecs.BOM_UTF8)


def _check_alone(text: bytes, head: _Head) -> None:
    """Raise NotResponses where another response follows one that leads nowhere."""
    if not head.last_of(text):
        number = text.count(b"\n", 0, _next(text, head)) + 1
        raise NotResponses(
            f"line {number}: a response follows one that is no redirect (status {head.status}): pipe in the responses "
            "of one URL at a time"
        )


def origin_of(url: str) -> Origin:
    """The origin of an http or https URL. Raises ValueError for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"{url} is no http or https URL") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{url} is no http or https URL")
    port = None if port == _DEFAULT_PORTS[parts.scheme] else port
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Origin("https" if parts.scheme == "https" else "http", host, port)


def _origin(url: str) -> Origin:
    try:
        return origin_of(url)
    except ValueError as error:
        raise NotResponses(f"a redirect leads to another response, but {error}") from error


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _heads(text: bytes) -> Iterator[_Head]:
    """Every response's head; interim ones, and a proxy's word that it is connected, are no responses of the page."""
    first = at = len(text) - len(text.lstrip(b"\r\n"))
    while start := _STATUS_LINE.match(text, at):
        head = _head(text, start)
        connected = b"connection established" in (start.group(2) or b"").lower()
        if head.status in _INTERIM or connected:
            at = head.end
            continue
        yield head
        at = _next(text, head)
    if at == first and text.strip():
        number = text.count(b"\n", 0, first) + 1
        shown = _shown(text[first:])
        raise NotResponses(
            f"line {number}: {shown} is no status line such as `HTTP/1.1 200 OK`, as `curl -si` prints it"
        )


def _head(text: bytes, start: re.Match[bytes]) -> _Head:
    at = start.end()
    headers: list[tuple[str, str]] = []
    while True:
        end = text.find(b"\n", at)
        line = text[at:] if end < 0 else text[at:end]
        at = len(text) if end < 0 else end + 1
        line = line.removesuffix(b"\r")
        if not line:
            return _Head(int(start.group(1)), tuple(headers), at)
        if line[:1] in b" \t" and headers:
            # A folded line (RFC 9112, 5.2) goes on with the one before.
            name, value = headers.pop()
            more = line.decode("latin-1").strip(" \t")
            headers.append((name, f"{value} {more}"))
            continue
        name_, colon, value_ = line.partition(b":")
        if not colon:
            number = text.count(b"\n", 0, at - 1) + 1
            raise NotResponses(f"line {number}: {_shown(line)} is no header line (`Name: value`)")
        headers.append((name_.decode("latin-1"), value_.decode("latin-1").strip(" \t")))


def _length(head: _Head, text: bytes) -> int:
    """How long the body is by its header; 0 where it does not tell, or tells of more than there is."""
    told = combined(head.headers, "Content-Length") or ""
    if not (told.isascii() and told.isdecimal() and len(told) <= len(str(len(text)))):
        return 0
    return int(told) if int(told) <= len(text) - head.end else 0


def _next(text: bytes, head: _Head) -> int:
    """Where the next response begins, if there is one: after the body, whose length may be told."""
    if _STATUS_LINE.match(text, head.end + _length(head, text)):
        return head.end + _length(head, text)
    following = _STATUS_LINE.search(text, head.end)
    return following.start() if following else len(text)


def _shown(line: bytes) -> str:
    first = line.partition(b"\n")[0].decode("latin-1").strip()
    return f"`{first[:60]}`" if first else "an empty line"
