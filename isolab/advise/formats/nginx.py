"""nginx: a map from the request to each header's value, so that no location loses the headers that it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from isolab.advise.formats.page import PageHeaders, by_host, header_names


def nginx(pages: Sequence[PageHeaders]) -> str:
    """Write maps for the http block and two lines a header for the server block."""
    names = header_names(pages)
    lines = ["# In the http block. Other pages keep what the application sends."]
    for name in names:
        lines += _map(name, pages)
    lines.append(
        "# In the server block, and again in each location that has an add_header or a proxy_hide_header of its own."
    )
    lines.append("# (For FastCGI: fastcgi_hide_header.)")
    for name in names:
        lines += [f"proxy_hide_header {name};", f"add_header {name} {_variable(name)} always;"]
    return "\n".join(lines)


def _map(name: str, pages: Sequence[PageHeaders]) -> Iterator[str]:
    several = len(by_host(pages)) > 1
    yield f"map {'$host' if several else ''}$request_uri {_variable(name)} {{"
    yield f"    default $upstream_http_{name.lower().replace('-', '_')};"
    for page in pages:
        place = _quoted((page.host.partition(":")[0] if several else "") + page.path)
        yield f'    "~^{place}(?:\\?|$)" "{page.headers.get(name) or ""}";'
    yield "}"


def _variable(name: str) -> str:
    return f"$sent_{name.lower().replace('-', '_')}"


def _quoted(path: str) -> str:
    """A regular expression for the text, inside nginx's quotes, where a backslash before a quote or itself is one."""
    return re.escape(path).replace("\\\\", "\\\\\\\\").replace('"', '\\"')
