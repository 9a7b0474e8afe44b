"""Why a header's value is ignored, in words for the person who wrote it, with the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from http_sf import DisplayString
from http_sf.types import BareItemType


@dataclass(frozen=True, slots=True)
class Complaint:
    """`reason` is a phrase; `position` counts the value's characters from 1."""

    reason: str
    position: int

    def __str__(self) -> str:
        return f"{self.reason} (character {self.position})"


def syntax_complaint(text: str, offset: int) -> Complaint:
    """Say what is wrong with a value whose parsing failed at `offset` (from 0, at most the value's length)."""
    offset = min(offset, len(text))
    before, rest = text[:offset].rstrip(" "), text[offset:]
    if not text:
        return Complaint("the value is empty", 1)
    if before.endswith(";") and not rest.strip(" ;"):
        return Complaint("trailing `;`", len(before))
    if not rest:
        return Complaint("the value ends too early", offset)
    return Complaint(_at(before, text[:offset], rest[0]), offset + 1)


def type_complaint(value: BareItemType) -> Complaint:
    """Say that a value is of another type than a token."""
    return Complaint(f"{_type_name(value)} where a bare word is wanted", 1)


def unknown_complaint(token: str, known: Iterable[str]) -> Complaint:
    """Say that a token is none of `known`."""
    near = next((value for value in known if value.lower() == token.lower()), None)
    hint = f": the value is `{near}`, in lower case" if near else ""
    return Complaint(f"unknown value `{token}`{hint}", 1)


def _at(trimmed: str, before: str, character: str) -> str:
    if character == ",":
        return "`,` makes a list of it, and one value is wanted (a header sent twice is joined with `,`)"
    if character == ";" and before != trimmed:
        return "space before `;`"
    if before.endswith(" ") and not trimmed.endswith(";"):
        return f"a second value, {_shown(character)}…, after the first"
    return f"{_shown(character)} cannot stand here"


def _shown(character: str) -> str:
    return f"`{character}`" if "!" <= character <= "~" else f"U+{ord(character):04X}"


def _type_name(value: BareItemType) -> str:
    # bool is an int to Python, and a DisplayString none of str: the order matters.
    names: tuple[tuple[type, str], ...] = (
        (bool, "a boolean"),
        (str, "a quoted string"),
        (DisplayString, "a display string"),
        (bytes, "a byte sequence"),
        (datetime, "a date"),
        (Decimal, "a decimal"),
        (float, "a decimal"),
        (int, "an integer"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "a value of another type")
