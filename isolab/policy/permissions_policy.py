"""Permissions Policy, as far as isolation needs it: who may use a feature whose default allowlist is self.

Source: Permissions Policy, "define an inherited policy for feature in container" and "is feature enabled in document
for origin". Sandboxed and other opaque origins are None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast
from urllib.parse import urlsplit

from http_sf import StructuredFieldError, Token, parse
from http_sf.types import BareItemType

from isolab.policy.document import Document
from isolab.policy.fields import Headers, combined
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin

HEADER = "Permissions-Policy"
SOURCE = "https://www.w3.org/TR/permissions-policy/#algo-is-feature-enabled"
_SCHEME_ENDS = "://"
_KEYWORDS = {"'self'": "self", "'src'": "src", "*": "*"}
_Item = tuple[BareItemType, Mapping[str, BareItemType]]
_Member = tuple[BareItemType | list[_Item], Mapping[str, BareItemType]]


def allowed_to_use(document: Document, feature: str) -> bool:
    """Whether `document` may use `feature`, by its header, its ancestors' and their frames' allow attributes."""
    if not _inherited(document, feature):
        return False
    declared = declared_allowlist(document.response.headers, feature)
    return declared is None or _matches(declared, document.origin, document.origin)


def declared_allowlist(headers: Headers, feature: str) -> tuple[str, ...] | None:
    """Read what the header says of `feature`: `*`, `self` and origins; None where it says nothing or cannot be read."""
    members = _members(headers)
    if members is None or feature not in members:
        return None
    value = members[feature][0]
    items = [item[0] for item in value] if isinstance(value, list) else [value]
    return tuple(str(item) for item in items if _counts(item))


def _counts(item: BareItemType) -> bool:
    """Whether an item means anything: `*` and `self` are tokens, what is in quotes is a URL."""
    if isinstance(item, Token):
        return str(item) in ("*", "self")
    return isinstance(item, str) and _SCHEME_ENDS in item


def is_readable(headers: Headers) -> bool:
    """Whether the header is a structured dictionary; browsers ignore one that is none as a whole."""
    return _members(headers) is not None


def _members(headers: Headers) -> Mapping[str, _Member] | None:
    text = (combined(headers, HEADER) or "").encode("latin-1", "backslashreplace")
    try:
        return cast("Mapping[str, _Member]", parse(text, tltype="dict"))
    except StructuredFieldError:
        return None


def _inherited(document: Document, feature: str) -> bool:
    parent = document.parent
    if parent is None:
        return True
    declared = declared_allowlist(parent.response.headers, feature)
    if not allowed_to_use(parent, feature):
        return False
    if declared is not None and not _matches(declared, document.origin, parent.origin):
        return False
    delegated = _container_allowlist(document.allow or "", feature)
    if delegated is None:
        return same_origin(document.origin, parent.origin)
    return ("src" in delegated and _is_where_asked(document)) or _matches(delegated, document.origin, parent.origin)


def _is_where_asked(document: Document) -> bool:
    """Whether a frame shows a document of the origin of its src; a sandboxed one, too, as engines have it."""
    return document.asked is None or document.origin is None or same_origin(document.asked, document.origin)


def _container_allowlist(allow: str, feature: str) -> tuple[str, ...] | None:
    """Read the allow attribute's word on `feature`; without a list it means the frame's own URL (`src`)."""
    for directive in allow.split(";"):
        name, *values = directive.split() or [""]
        if name.lower() == feature:
            return tuple(filter(None, map(_word, values))) if values else ("src",)
    return None


def _word(value: str) -> str:
    """A keyword without its quotes, which it needs, or a URL; empty for anything else."""
    return _KEYWORDS.get(value.lower(), value if _SCHEME_ENDS in value else "")


def _matches(allowlist: tuple[str, ...], origin: Origin | None, self_origin: Origin | None) -> bool:
    if "*" in allowlist:
        return True
    if "self" in allowlist and same_origin(origin, self_origin):
        return True
    return origin is not None and any(_names(entry, origin) for entry in allowlist if _SCHEME_ENDS in entry)


def _names(entry: str, origin: Origin) -> bool:
    """Whether a URL, of which only the origin counts, names one; `*.` stands for all below a host."""
    try:
        parts = urlsplit(entry)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("https", "http"):
        return False
    scheme: Literal["https", "http"] = "https" if parts.scheme == "https" else "http"
    below = host.startswith("*.") and origin.host.lower().endswith(host.removeprefix("*"))
    return same_origin(Origin(scheme, origin.host if below else host, port), origin)
