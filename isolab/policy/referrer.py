"""What a request says of the page that makes it (Referrer Policy, 8.3 "determine request's referrer")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from isolab.policy.secure import potentially_trustworthy
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin

SOURCE = "https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer"
Referrer = Literal["nothing", "origin", "url"]
"""How much is told: nothing, the origin with `/` behind it, or the URL without its fragment."""
DEFAULT = "strict-origin-when-cross-origin"


@dataclass(frozen=True, slots=True)
class _Way:
    same: bool
    downgrade: bool


_POLICIES: Mapping[str, Callable[[_Way], Referrer]] = {
    "no-referrer": lambda way: "nothing",  # noqa: ARG005
    "no-referrer-when-downgrade": lambda way: "nothing" if way.downgrade else "url",
    "same-origin": lambda way: "url" if way.same else "nothing",
    "origin": lambda way: "origin",  # noqa: ARG005
    "strict-origin": lambda way: "nothing" if way.downgrade else "origin",
    "origin-when-cross-origin": lambda way: "url" if way.same else "origin",
    DEFAULT: lambda way: "url" if way.same else "nothing" if way.downgrade else "origin",
    "unsafe-url": lambda way: "url",  # noqa: ARG005
}
POLICIES = frozenset(_POLICIES)


def referrer(policy: str, source: Origin, target: Origin) -> Referrer:
    """Tell how much a request from `source` to `target` says under a referrer policy, one of `POLICIES`."""
    downgrade = potentially_trustworthy(source) and not potentially_trustworthy(target)
    return _POLICIES[policy](_Way(same_origin(source, target), downgrade))
