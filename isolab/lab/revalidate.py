"""Revalidation: whoever has a copy that is still good is told so, without the body (RFC 9110, 13.1.2 and 15.4.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from isolab.scenario.case import Page

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_KEPT = frozenset({"cache-control", "content-location", "etag", "expires", "vary"})
"""What a 304 has to repeat (RFC 9110, 15.4.5). Policies are not of it: the stored response keeps those it came with."""
_OF_THE_BODY = frozenset({"content-type", "content-length", "transfer-encoding", "content-encoding"})


def is_unchanged(page: Page, method: str, asked: Mapping[str, str]) -> bool:
    """Whether a request has the copy that it would get: it names the page's ETag in If-None-Match.

    `asked` are the request's headers, names in small letters. Tags are compared weakly (RFC 9110, 8.8.3.2). A page
    that sends no ETag, or is an error, is never unchanged.
    """
    tag = _TAG.search(page.header("ETag") or "")
    wanted = asked.get("if-none-match", "")
    if tag is None or page.status != 200 or method not in ("GET", "HEAD"):  # noqa: PLR2004  HTTP
        return False
    return wanted.strip() == "*" or tag.group(1) in _TAG.findall(wanted)


def kept_lines(page: Page, lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of a response's header lines that its 304 repeats: all that are not about the body, or the bare minimum."""
    if page.not_modified == "bare":
        return [(name, value) for name, value in lines if name.lower() in _KEPT]
    return [(name, value) for name, value in lines if name.lower() not in _OF_THE_BODY]
