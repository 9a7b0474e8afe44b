"""One thing that happened in a case, as the picture of it and the results file have it (docs/results.md)."""

from __future__ import annotations

from typing import Literal, NotRequired

# Pydantic, which checks results files, knows the standard library's TypedDict from Python 3.12 on only.
from typing_extensions import TypedDict

MomentKind = Literal[
    "step", "opened", "response", "loaded", "switch", "message", "said", "embedded", "reads-closed", "error", "closed"
]

Moment = TypedDict(
    "Moment",
    {
        "at_s": float,
        "window": str,
        "kind": MomentKind,
        # step: what the flow has done, and the line of the scenario file
        "text": NotRequired[str],
        "line": NotRequired[int],
        # opened, message: the other window
        "from": NotRequired[str],
        "by": NotRequired[str],
        # response
        "url": NotRequired[str],
        "status": NotRequired[int],
        "headers": NotRequired[list[str]],
        "method": NotRequired[str],
        # response, message: the way through frames to what is embedded, where it is not the window's own
        "frame": NotRequired[str],
        # loaded
        "isolated": NotRequired[bool],
        "opener": NotRequired[bool],
        # switch
        "header": NotRequired[str],
        "from_policy": NotRequired[str],
        "to_policy": NotRequired[str],
        "severed": NotRequired[bool | None],
        # message
        "heard": NotRequired[bool],
        # said: the key, with the value in `text`; embedded: what, with the reason in `text`
        "name": NotRequired[str],
        "state": NotRequired[str],
    },
)
"""`at_s`: seconds since the case began. `window`: its name in the flow, "" where none is known. The other keys are
there where the kind has them; `headers` are `Name: value`, as sent and in that order."""

LONGEST = 300
"""How much of what a page says or posts is kept, in characters."""


def moment(at_s: float, window: str, kind: MomentKind) -> Moment:
    """What every moment has; what was before the case began counts as its beginning."""
    return {"at_s": round(max(0.0, at_s), 3), "window": window, "kind": kind}


def short(text: object) -> str:
    """As much of a page's words as is kept."""
    told = str(text)
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"
