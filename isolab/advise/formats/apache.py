"""Apache: mod_headers in a LocationMatch, which compares decoded paths, for each page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from isolab.advise.formats.page import PageHeaders, by_host


def apache(pages: Sequence[PageHeaders]) -> str:
    """Write the sections for each host's VirtualHost."""
    several = by_host(pages)
    lines = ["# Needs mod_headers. What the application sends is in the table onsuccess, what stands here in always."]
    for host, those in several.items():
        lines.append(f"# In the VirtualHost of {host}")
        for page in those:
            lines += _section(page)
    return "\n".join(lines)


def _section(page: PageHeaders) -> Iterator[str]:
    yield f'<LocationMatch "^{_quoted(page.decoded)}$">'
    for name, value in page.headers.items():
        yield f"    Header onsuccess unset {name}"
        yield f"    Header always unset {name}" if value is None else f'    Header always set {name} "{value}"'
    yield "</LocationMatch>"


def _quoted(path: str) -> str:
    """A regular expression for the text, inside Apache's quotes, where a backslash before a quote or itself is one."""
    return re.escape(path).replace("\\\\", "\\\\\\\\").replace('"', '\\"')
