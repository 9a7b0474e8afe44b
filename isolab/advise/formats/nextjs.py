"""Next.js: rules of `headers()` in next.config.js."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from isolab.advise.formats.page import PageHeaders


def nextjs(pages: Sequence[PageHeaders]) -> str:
    """Write the configuration. `unsafe-none` is what a page without the header has: it undoes a rule for all pages."""
    rules = [_rule(page) for page in pages]
    return "\n".join(
        [
            "module.exports = {",
            "  async headers() {",
            "    // Behind rules for all pages: of several values the last one is sent.",
            "    return [",
            *rules,
            "    ];",
            "  },",
            "};",
        ]
    )


def _rule(page: PageHeaders) -> str:
    headers = [{"key": name, "value": value or "unsafe-none"} for name, value in page.headers.items()]
    return f"      {json.dumps({'source': _source(page.path), 'headers': headers})},"


def _source(path: str) -> str:
    """The path as path-to-regexp reads it: what is special there is escaped."""
    return re.sub(r"([(){}:*+?\\])", r"\\\1", path)
