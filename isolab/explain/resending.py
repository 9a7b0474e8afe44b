"""The same response as if it had been sent with another header: what a mend tries."""

from __future__ import annotations

from dataclasses import replace

from isolab.policy.response import Hop


def sending(hop: Hop, name: str, value: str | None) -> Hop:
    """The response with that header instead of any of its name; without it where `value` is None."""
    others = tuple((each, text) for each, text in hop.headers if each.lower() != name.lower())
    return replace(hop, headers=others if value is None else (*others, (name, value)))
