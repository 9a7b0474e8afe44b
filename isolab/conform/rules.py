"""The rules on a row of any kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from isolab.conform.kinds import (
    credentialless,
    embed,
    inherit,
    isolation,
    isolation_policy,
    noopener,
    parse,
    popup,
    reports_access,
    reports_coep,
    reports_coop,
    secure_context,
    shared_memory,
    subresource,
    worker,
)
from isolab.conform.reader import NotStagedError, well_formed
from isolab.conform.row import Row
from isolab.conform.ruling import Json, Rulings, observations

KINDS: Mapping[str, Callable[[Row], Rulings]] = {
    "popup": popup.rule,
    "popup-redirect": popup.rule,
    "popup-navigates": popup.rule,
    "popup-from-iframe": popup.rule,
    "sandbox": popup.rule,
    "opener-navigates": popup.rule_opener_navigates,
    "coi": isolation.rule,
    "sab": shared_memory.rule,
    "dip": isolation_policy.rule,
    "inherit": inherit.rule,
    "noopener": noopener.rule,
    "coop-report": reports_coop.rule,
    "coop-access-report": reports_access.rule,
    "subresource": subresource.rule,
    "credentialless-iframe": credentialless.rule,
    "coep-report": reports_coep.rule,
    "worker": worker.rule,
    "secure-context": secure_context.rule,
    "corp": embed.rule,
    "iframe-embed": embed.rule,
    "coop-parse": parse.rule,
    "coep-parse": parse.rule,
    "dip-parse": parse.rule,
    "corp-parse": parse.rule,
}
"""What rules on the rows of each kind."""

SAID = frozenset({"inferred_from"})
"""Keys of `expect` that observe nothing: they say how the others were found."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say beside one observation that a row states; `ruled` is None where they say nothing about it."""

    observation: str
    stated: Json
    ruled: Json | None
    reason: str = ""
    said: bool = True

    @property
    def agrees(self) -> bool:
        """Whether the rules say what the row states."""
        return self.said and _agree(self.stated, self.ruled)


def verdicts(row: Row) -> list[Verdict]:
    """Hold the rules against all that a row states. Raises NotStagedError where the row is not understood."""
    if row.kind not in KINDS:
        raise NotStagedError(f"the kind `{row.kind}` is not known")
    with well_formed():
        rulings = KINDS[row.kind](row)
    return [_verdict(name, stated, rulings) for name, stated in observations(row.expect) if name not in SAID]


def _verdict(name: str, stated: Json, rulings: Rulings) -> Verdict:
    if name not in rulings:
        return Verdict(name, stated, None, "the rules say nothing about it", said=False)
    ruling = rulings[name]
    return Verdict(name, stated, ruling.value, ruling.reason)


def _agree(stated: Json, ruled: Json) -> bool:
    """Whether they are the same. Lists are of what arrives in no order, and null in their objects states nothing."""
    if type(stated) is not type(ruled):
        return False
    if not isinstance(stated, list):
        return bool(stated == ruled)
    left = list(ruled)
    for entry in stated:
        place = next((index for index, other in enumerate(left) if _covers(entry, other)), None)
        if place is None:
            return False
        del left[place]
    return not left


def _covers(stated: Json, ruled: Json) -> bool:
    if not (isinstance(stated, dict) and isinstance(ruled, dict)):
        return bool(stated == ruled)
    return all(value is None or _agree(value, ruled.get(key)) for key, value in stated.items())
