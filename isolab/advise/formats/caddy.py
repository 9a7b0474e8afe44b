"""Caddy: a matcher for each page, and headers that are set last, over those of the application."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from isolab.advise.formats.page import PageHeaders, by_host


def caddy(pages: Sequence[PageHeaders]) -> str:
    """Write a site block for each host."""
    lines: list[str] = []
    for host, those in by_host(pages).items():
        lines.append(f"{host} {{")
        for page in those:
            lines += (f"\t{line}" for line in _page(page))
        lines += ["\t# ... reverse_proxy or file_server, as before", "}"]
    return "\n".join(lines)


def _page(page: PageHeaders) -> Iterator[str]:
    plain = re.fullmatch(r"[\w/.~-]+", page.path, re.ASCII)
    where = f"path {page.path}" if plain else f"path_regexp {_token(f'^{re.escape(page.decoded)}$')}"
    yield f"@{page.name} {where}"
    yield f"header @{page.name} {{"
    yield from (f'\t{name} "{value}"' for name, value in page.sent.items())
    yield from (f"\t-{name}" for name in page.unsent)
    yield "\tdefer"
    yield "}"


def _token(text: str) -> str:
    """The text as one word: between backquotes nothing is an escape, between quotes only one before a quote is."""
    return f"`{text}`" if "`" not in text else '"' + text.replace('"', '\\"') + '"'
