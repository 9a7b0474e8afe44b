"""A web app as users have them: on loopback, on a thread of its own, with headers and redirects as its URLs say."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

from aiohttp import web

COOP = "Cross-Origin-Opener-Policy"
COEP = "Cross-Origin-Embedder-Policy"
CORP = "Cross-Origin-Resource-Policy"
DRAWN = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'></svg>"
ISOLATING = {COOP: "same-origin", COEP: "require-corp"}
NO_FETCH = {"Content-Security-Policy": "connect-src 'none'"}


_ETAG = '"as-ever"'


class OwnApp:
    """Addresses of its pages; `there` is another site than `here`, both are secure contexts."""

    port: int

    def __init__(self) -> None:
        self.end = asyncio.Event()
        self.known: dict[str, tuple[Mapping[str, str], str | bytes]] = {}
        """What is served at a path without a query: headers and body, or the part of it that is asked for."""
        self.before: Callable[[web.Request], Awaitable[object]] = _at_once
        """What each answer waits for."""
        self.renewals = 0
        """How many times it has answered with a 304."""

    def forget(self) -> None:
        """Serve nothing, and wait for nothing, that was asked of it so far."""
        self.known.clear()
        self.before = _at_once

    def knows_editor(self) -> None:
        """Serve the isolated page of the docs, which shows a picture of another site."""
        self.known["/editor"] = (ISOLATING, f'<p>editor<img src="{self.there}/logo.png">')
        self.known["/logo.png"] = ({CORP: "cross-origin", "Content-Type": "image/svg+xml"}, DRAWN)

    @property
    def here(self) -> str:
        """Its origin."""
        return f"http://localhost:{self.port}"

    @property
    def there(self) -> str:
        """Its origin as another site."""
        return f"http://127.0.0.1:{self.port}"

    def page(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: str = "<p>page",
        *,
        there: bool = False,
        to: str = "",
        mute: bool = False,
        status: int = 200,
        more: str = "",
    ) -> str:
        """The address of a page, or, with `to`, of a redirect there; `mute`: it is never answered.

        `more` is "renewed" for a page that is answered with a 304 and no header once it is stored, "post" for one that
        only answers to POST, "endless" for one that begins and does not end, "cors" for one whose headers of CORS only
        those get who ask with an Origin.
        """
        query: Sequence[tuple[str, str]] = [("header", f"{name}: {value}") for name, value in (headers or {}).items()]
        rest = [("body", body), ("to", to), ("status", str(status)), ("more", more), *[("mute", "1")] * mute]
        return f"{self.there if there else self.here}/{path}?{urlencode([*query, *rest])}"


async def _at_once(_request: web.Request) -> None:
    """Wait for nothing."""


async def _answer(app: OwnApp, request: web.Request) -> web.StreamResponse:
    await app.before(request)
    if request.path in app.known:
        known, body = app.known[request.path]
        whole = body.encode() if isinstance(body, str) else body
        return _part(whole, {"Content-Type": "text/html", **known}, request)
    if "mute" in request.query:
        await app.end.wait()
    headers = dict(line.split(": ", 1) for line in request.query.getall("header", []))
    more = request.query.get("more", "")
    if more == "post" and request.method != "POST":
        return web.Response(status=405)
    if more == "cors" and "Origin" not in request.headers:
        headers = {name: value for name, value in headers.items() if not name.startswith("Access-Control-")}
    if more == "endless":
        answer = web.StreamResponse(headers=headers)
        await answer.prepare(request)
        await answer.write(b"begun")
        await app.end.wait()
        return answer
    if more == "renewed":
        if _ETAG in request.headers.get("If-None-Match", ""):
            app.renewals += 1
            return web.Response(status=304, headers={"ETag": _ETAG})
        headers |= {"ETag": _ETAG, "Cache-Control": "no-cache"}
    if to := request.query.get("to"):
        return web.Response(status=302, headers={**headers, "Location": to})
    kind = {"js": "text/javascript", "svg": "image/svg+xml"}.get(request.path.rpartition(".")[2], "text/html")
    kind = headers.pop("Content-Type", kind)
    status = int(request.query.get("status", "200"))
    return web.Response(text=request.query.get("body", ""), status=status, content_type=kind, headers=headers)


def _part(body: bytes, headers: Mapping[str, str], request: web.Request) -> web.Response:
    """The part of a body that is asked for (RFC 9110, 14), as a server of films and music has it."""
    part = request.http_range
    first = part.start or 0
    last = len(body) if part.stop is None else min(part.stop, len(body))
    within = {"Content-Range": f"bytes {first}-{last - 1}/{len(body)}"} if "Range" in request.headers else {}
    return web.Response(
        body=body[first:last], status=206 if within else 200, headers={**headers, "Accept-Ranges": "bytes", **within}
    )


@contextmanager
def own_app() -> Iterator[OwnApp]:
    """The app while the block lasts."""
    begun: Future[tuple[OwnApp, asyncio.AbstractEventLoop]] = Future()

    async def serve() -> None:
        own = OwnApp()
        server = web.Application()
        server.router.add_route("*", "/{path:.*}", partial(_answer, own))
        runner = web.AppRunner(server, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        own.port = runner.addresses[0][1]
        begun.set_result((own, asyncio.get_running_loop()))
        await own.end.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    own, loop = begun.result()
    try:
        yield own
    finally:
        loop.call_soon_threadsafe(own.end.set)
        thread.join()
