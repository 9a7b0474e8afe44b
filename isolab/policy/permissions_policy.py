"""Permissions Policy, as far as isolation needs it: who may use a feature whose default allowlist is self.

Source: Permissions Policy, "define an inherited policy for feature in container" and "is feature enabled in document
for origin". Sandboxed and other opaque origins are None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from http_sf import StructuredFieldError, Token, parse
from http_sf.types import BareItemType

from isolab.policy.document import Document
from isolab.policy.fields import Headers, combined
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin

HEADER = "Permissions-Policy"
SOURCE = "https://www.w3.org/TR/permissions-policy/#algo-is-feature-enabled"
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
    text = combined(headers, HEADER)
    try:
        members = cast(
            "Mapping[str, _Member]", parse((text or "").encode("latin-1", "backslashreplace"), tltype="dict")
        )
    except StructuredFieldError:
        return None
    if feature not in members:
        return None
    value = members[feature][0]
    items = [item[0] for item in value] if isinstance(value, list) else [value]
    return tuple(str(item) for item in items if isinstance(item, str | Token))


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
    return "src" in delegated or _matches(delegated, document.origin, parent.origin)


def _container_allowlist(allow: str, feature: str) -> tuple[str, ...] | None:
    """Read the allow attribute's word on `feature`; without a list it means the frame's own URL (`src`)."""
    for directive in allow.split(";"):
        name, *values = directive.split() or [""]
        if name.lower() == feature:
            return tuple(value.strip("'") for value in values) or ("src",)
    return None


def _matches(allowlist: tuple[str, ...], origin: Origin | None, self_origin: Origin | None) -> bool:
    if "*" in allowlist:
        return True
    if "self" in allowlist and same_origin(origin, self_origin):
        return True
    return origin is not None and str(origin) in allowlist
