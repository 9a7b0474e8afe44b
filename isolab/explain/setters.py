"""Who usually sends the header that cut a link: `setters.toml`, frameworks by their defaults and known providers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from isolab.policy.coop import COOP, CoopValue
from isolab.policy.group_switch import Cut
from isolab.policy.site import schemeless_same_site
from isolab.policy.terms import Origin
from isolab.scenario.frameworks import frameworks

_FILE = Path(__file__).with_name("setters.toml")

Side = Literal["app", "provider"]


@dataclass(frozen=True, slots=True)
class Setter:
    """One who sends this policy without being asked; `how` says since when or by which setting, `source` who says so.

    `side`: a framework that any site may be built with, or a provider's own pages.
    """

    who: str
    policy: CoopValue
    side: Side
    how: str
    source: str

    def __str__(self) -> str:
        return f"{self.who} ({self.how})"


def usual_setters(cut: Cut, opener: Origin | None) -> tuple[Setter, ...]:
    """Who usually sends the policy that cut a link; `opener` is the origin of the page that opened the popup.

    A response without a policy is cut off by that of the page before it: then it is the opener's side that set it.
    For a response of the opener's own site these are frameworks only; another site may be a known provider.
    """
    silent = cut.to_policy == "unsafe-none"
    policy = cut.from_policy if silent else cut.to_policy
    found = [setter for setter in _all() if setter.policy == policy]
    if silent or schemeless_same_site(cut.origin, opener):
        return tuple(setter for setter in found if setter.side == "app")
    return tuple(sorted(found, key=lambda setter: setter.side == "app"))


@cache
def _all() -> tuple[Setter, ...]:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(_setter(dict(entry)) for entry in data["setter"])


def _setter(entry: dict[str, Any]) -> Setter:
    """One of the file; what a framework sends by default is written down in one place."""
    if name := entry.pop("framework", None):
        entry["policy"] = frameworks()[name].headers[COOP]
    return Setter(**entry)
