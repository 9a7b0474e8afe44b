"""Express, with or without Helmet: one middleware behind it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from isolab.advise.formats.page import PageHeaders

_MIDDLEWARE = """\
// Before the routes and after helmet(), whose crossOriginOpenerPolicy is same-origin: here each page has its own.
app.use((request, response, next) => {
  for (const [name, value] of Object.entries(isolation.get(request.path) ?? {})) {
    if (value) response.setHeader(name, value);
    else response.removeHeader(name);
  }
  next();
});"""


def express(pages: Sequence[PageHeaders]) -> str:
    """Write the table of pages and the middleware; `app` is the application."""
    rows = [f"  [{json.dumps(page.path)}, {json.dumps(dict(page.headers))}]," for page in pages]
    return "\n".join(["const isolation = new Map([", *rows, "]);", "", _MIDDLEWARE])
