"""A `_headers` file, as Netlify and Cloudflare Pages read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isolab.advise.formats.page import PageHeaders


def headers_file(pages: Sequence[PageHeaders]) -> str:
    """Write the file. A header cannot be taken back in it, so pages without one are only named."""
    return "\n".join(line for page in pages for line in _page(page))


def _page(page: PageHeaders) -> Iterator[str]:
    for name in page.unsent:
        yield f"# {page.path} must send no {name}: keep rules like /* from setting it"
    if page.sent:
        yield page.path
        yield from (f"  {name}: {value}" for name, value in page.sent.items())
