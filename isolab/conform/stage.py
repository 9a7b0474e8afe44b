"""Any row to its stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.staged import Act, Staged
from isolab.conform.stages import (
    credentialless,
    embed,
    inherit,
    isolation,
    isolation_policy,
    noopener,
    opener_navigates,
    parse,
    popup,
    reports_access,
    reports_coep,
    reports_coop,
    sandbox,
    secure_context,
    shared_memory,
    subresource,
    worker,
)

ACTS: Mapping[str, Callable[[Row], Act]] = {
    "popup": popup.act,
    "popup-redirect": popup.act,
    "popup-navigates": popup.act,
    "popup-from-iframe": popup.act,
    "corp": embed.act,
    "iframe-embed": embed.act,
    "coi": isolation.act,
    "subresource": subresource.act,
    "credentialless-iframe": credentialless.act,
    "noopener": noopener.act,
    "opener-navigates": opener_navigates.act,
    "sab": shared_memory.act,
    "dip": isolation_policy.act,
    "worker": worker.act,
    "inherit": inherit.act,
    "sandbox": sandbox.act,
    "secure-context": secure_context.act,
    "coop-report": reports_coop.act,
    "coep-report": reports_coep.act,
    "coop-access-report": reports_access.act,
    "coop-parse": parse.act,
    "coep-parse": parse.act,
    "dip-parse": parse.act,
    "corp-parse": parse.act,
}
"""What plays the rows of each kind."""

_STILL_HOLD = {"use only the return-value expectation": ("window_open_returns_null",)}
"""What a superseded row may say of what holds all the same, and the observations that this means."""


def act(row: Row) -> Act:
    """Say how a row is played. Raises NotStagedError where it cannot be played here."""
    if row.kind not in ACTS:
        raise NotStagedError(f"rows of the kind `{row.kind}` are held against the rules only, as yet")
    return _what_still_holds(row) if row.superseded else ACTS[row.kind](row)


def _what_still_holds(row: Row) -> Act:
    """Play what holds of a superseded row by its own word, if anything does."""
    held = next((names for words, names in _STILL_HOLD.items() if words in row.superseded), ())
    why = f"the standard is another by now: {row.superseded}"
    kept = {name: value for name, value in row.expect.items() if name in held}
    if not kept:
        raise NotStagedError(why)
    played = ACTS[row.kind](replace(row, expect=kept))
    return replace(played, unseen={**played.unseen, **{name: why for name in row.expect if name not in kept}})


def stage(row: Row) -> Staged:
    """Stage a row. Raises NotStagedError where it cannot be played here."""
    played = act(row)
    return Staged(row, played, played.scene.case(row.id))
