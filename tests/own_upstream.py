"""A server of the user's own, for hosts with `upstream:`: on loopback, on threads, answering what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Response:
    """What is at a path."""

    body: bytes | str = "<!doctype html><title>Own</title><p>own"
    headers: Sequence[tuple[str, str]] = (("Content-Type", "text/html; charset=utf-8"),)
    status: int = 200


@dataclass(frozen=True)
class Request:
    """What it was asked, header names in small letters."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class OwnUpstream:
    """`answers` by path and query; a path that is not there is 404."""

    answers: dict[str, Response]
    asked: list[Request] = field(default_factory=list)
    url: str = ""


@contextmanager
def own_upstream(answers: dict[str, Response]) -> Iterator[OwnUpstream]:
    """Run it."""
    own = OwnUpstream(answers)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            own.asked.append(Request(self.command, self.path, headers, body))
            answer = own.answers.get(self.path, Response("no such page", status=404))
            content = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if not any(name == "Content-Length" for name, _ in answer.headers):
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_HEAD = _answer  # noqa: N815  their names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield own
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
