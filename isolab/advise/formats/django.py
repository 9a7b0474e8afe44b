"""Django: a middleware outside SecurityMiddleware, whose word is the last."""

from __future__ import annotations

from collections.abc import Sequence

from isolab.advise.formats.page import PageHeaders

_MIDDLEWARE = '''\
def isolation_headers(get_response):
    """First in MIDDLEWARE, before SecurityMiddleware, which sends COOP same-origin on every page."""

    def middleware(request):
        response = get_response(request)
        for name, value in ISOLATION.get(request.path, {}).items():
            if value is None:
                del response[name]
            else:
                response[name] = value
        return response

    return middleware'''


def django(pages: Sequence[PageHeaders]) -> str:
    """Write a module; `MIDDLEWARE = ["that.module.isolation_headers", ...]` puts it to use."""
    rows = [f"    {page.decoded!r}: {dict(page.headers)!r}," for page in pages]
    return "\n".join(["ISOLATION = {", *rows, "}", "", "", _MIDDLEWARE])
