"""The rules on a row of any kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from isolab.conform.kinds import parse, popup
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.ruling import Json, Rulings, observations

KINDS: Mapping[str, Callable[[Row], Rulings]] = {
    "popup": popup.rule,
    "popup-redirect": popup.rule,
    "popup-navigates": popup.rule,
    "popup-from-iframe": popup.rule,
    "sandbox": popup.rule,
    "opener-navigates": popup.rule_opener_navigates,
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
        return self.said and type(self.stated) is type(self.ruled) and self.stated == self.ruled


def verdicts(row: Row) -> list[Verdict]:
    """Hold the rules against all that a row states. Raises NotStagedError where the row is not understood."""
    if row.kind not in KINDS:
        raise NotStagedError(f"the kind `{row.kind}` is not known")
    rulings = KINDS[row.kind](row)
    return [_verdict(name, stated, rulings) for name, stated in observations(row.expect) if name not in SAID]


def _verdict(name: str, stated: Json, rulings: Rulings) -> Verdict:
    if name not in rulings:
        return Verdict(name, stated, None, "the rules say nothing about it", said=False)
    ruling = rulings[name]
    return Verdict(name, stated, ruling.value, ruling.reason)
