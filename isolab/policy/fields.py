"""Reading a header that holds one structured-field item, as COOP, COEP and their report-only twins do.

A value that cannot be read counts as not sent (RFC 9651, 4.2; HTML, 7.1.3.1 and 7.1.4.1): it fails open, silently in
engines, so the reason is kept here for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from http_sf import StructuredFieldError, Token, parse
from http_sf.types import BareItemType

from isolab.policy.complaint import Complaint, syntax_complaint, type_complaint, unknown_complaint

Headers = Sequence[tuple[str, str]]
"""Field lines as (name, value), in the order sent; values are text of one character a byte (latin-1)."""

Value = TypeVar("Value", bound=str)


@dataclass(frozen=True, slots=True)
class Item:
    """A structured-field item header; `text` is None where the field is not sent.

    `token` is None where it is not sent or ignored; `ignored` then says why.
    """

    text: str | None
    token: str | None = None
    parameters: Mapping[str, BareItemType] = field(default_factory=dict, hash=False)
    ignored: Complaint | None = None


@dataclass(frozen=True, slots=True)
class Keyword(Generic[Value]):
    """An item header whose token is one of a fixed set: `value`, or None where it is not sent or ignored.

    `endpoint` is the `report-to` parameter where it is a string; any other type of it is ignored. Beside an unknown
    token it still counts: an opener policy's endpoint is read whatever the value (HTML, 7.1.3.1).
    """

    value: Value | None
    text: str | None
    ignored: Complaint | None
    endpoint: str | None


def combined(headers: Headers, name: str) -> str | None:
    """Join all lines of that name without their outer whitespace (Fetch, 2.2.2 "get").

    Only space and HTAB are whitespace around a field value (RFC 9110, 5.6.3). None where the field is not sent.
    """
    lines = [value.strip(" \t") for key, value in headers if key.lower() == name.lower()]
    return ", ".join(lines) if lines else None


def read_item(headers: Headers, name: str) -> Item:
    """Read the field `name` as a structured-field item whose value must be a token (RFC 9651, 3.3 and 4.2.3).

    Never raises: what cannot be read is an :class:`Item` with `ignored`.
    """
    text = combined(headers, name)
    if text is None:
        return Item(None)
    try:
        # A character beyond latin-1 must not turn into one that means something: a backslash is never valid here.
        parsed = parse(text.encode("latin-1", "backslashreplace"), tltype="item")
    except StructuredFieldError as error:
        return Item(text, ignored=syntax_complaint(text, error.position or 0))
    value, parameters = cast("tuple[BareItemType, Mapping[str, BareItemType]]", parsed)
    if not isinstance(value, Token):
        return Item(text, parameters=parameters, ignored=type_complaint(value))
    return Item(text, str(value), parameters)


def read_keyword(headers: Headers, name: str, values: Sequence[Value]) -> Keyword[Value]:
    """Read the field `name` as one of `values`, compared case-sensitively; an unknown token is ignored."""
    item = read_item(headers, name)
    value = next((known for known in values if known == item.token), None)
    ignored = item.ignored
    if value is None and item.token is not None:
        ignored = unknown_complaint(item.token, values)
    return Keyword(value, item.text, ignored, _endpoint(item) if item.token is not None else None)


def _endpoint(item: Item) -> str | None:
    report_to = item.parameters.get("report-to")
    return report_to if isinstance(report_to, str) else None
