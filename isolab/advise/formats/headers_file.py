"""A `_headers` file, as Netlify and Cloudflare Pages read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isolab.advise.formats.page import PageHeaders, header_names


def headers_file(pages: Sequence[PageHeaders]) -> str:
    """Write the file. Netlify takes back no header in it, so pages without one are only named."""
    return "\n".join([*_beware(pages), *(line for page in pages for line in _page(page))])


def _beware(pages: Sequence[PageHeaders]) -> Iterator[str]:
    """What holds for whoever has wider rules already: Cloudflare joins values with commas, which voids both headers."""
    taken_back = ", ".join(f'"! {name}"' for name in header_names(pages))
    yield "# Keep rules like /* from setting these headers, too: Cloudflare Pages joins the values of all rules"
    yield f"# that fit, and no browser reads that. There, not on Netlify, a page's rule may begin with {taken_back}."


def _page(page: PageHeaders) -> Iterator[str]:
    for name in page.unsent:
        yield f"# {page.path} must send no {name}: keep rules like /* from setting it"
    if page.sent:
        yield page.path
        yield from (f"  {name}: {value}" for name, value in page.sent.items())
