"""Clauses about headers, for the reasons of predictions. Their subject is a response: "sends no …"."""

from __future__ import annotations

from isolab.policy.fields import Headers, Keyword, Value, combined


def printable(text: str) -> str:
    """Show control characters as escapes: what a header holds must not reach a terminal as it is."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02X}" for char in text)


def clause(name: str, keyword: Keyword[Value]) -> str:
    """Say what a response says with the header `name`, and whether that counts."""
    if keyword.text is None:
        return f"sends no {name}"
    if keyword.ignored is not None:
        return f"sends {name}: {printable(keyword.text)}, which is ignored as {keyword.ignored}"
    return f"sends {name}: {printable(keyword.text)}"


def unread_clause(headers: Headers, name: str) -> str:
    """As `clause`, outside a secure context."""
    text = combined(headers, name)
    if text is None:
        return f"sends no {name}"
    return f"sends {name}: {printable(text)}, which is not read outside a secure context (https, or http on loopback)"
