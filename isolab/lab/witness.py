"""A frame that nothing blocks: when it is heard, one to the same host that was sent before it would be as well."""

from __future__ import annotations

from typing import Final

from aiohttp import web

_PAGE: Final = b"""<!doctype html><script>
const again = () => fetch(location.href);
again().then(again).then(() => parent.postMessage("isolab: here", "*"));
</script>"""
"""It speaks after two more requests: a document as small as this overtakes a larger one that was there before it."""

_HEADERS: Final = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}


def answer() -> web.Response:
    """The frame's document."""
    return web.Response(body=_PAGE, content_type="text/html", headers=_HEADERS)
