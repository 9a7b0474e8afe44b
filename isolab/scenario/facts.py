"""The facts that an expectation can name: what value each has, and what it means. One table for checks and schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from isolab.policy.terms import Fate
from isolab.scenario.case import EmbedKind, Scalar
from isolab.scenario.wording import alike, plain

Load = Literal["loaded", "blocked"]
Timers = Literal["fine", "coarse"]
Ending = Literal["open", "severed", "closed-by-user", "closed-by-itself", "closed-by-opener"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how messages name it, whether a value is one, its words if there are few, its JSON Schema."""

    name: str
    accepts: Callable[[Scalar], bool]
    schema: Mapping[str, object]
    choices: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact's kind of value and its one-line description."""

    kind: Kind
    about: str


def _words(name: str, *words: str) -> Kind:
    return Kind(name, _one_of(*words), {"enum": list(words)}, words)


def _one_of(*choices: Scalar) -> Callable[[Scalar], bool]:
    return lambda value: any(alike(value, choice) for choice in choices)


_BOOL = Kind("true or false", _one_of(True, False), {"type": "boolean"}, (True, False))
_TEXT = Kind("text", lambda value: isinstance(value, str), {"type": "string"})
_COUNT = Kind(
    "a whole number from 0",
    lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    {"type": "integer", "minimum": 0},
)
_ANY = Kind("any scalar", lambda _: True, {"type": ["string", "number", "boolean", "null"]})
PAGE = Kind("a page's name", lambda value: isinstance(value, str), {"type": "string"})

LOAD = Fact(_words("load", *get_args(Load)), "whether the embedded resource was loaded or blocked")
SAYS = Fact(_ANY, "what the page told by isolab.say(KEY, value); null: it never said so")

FACTS: Mapping[str, Fact] = {
    "opener": Fact(_words("fate", *get_args(Fate)), "what became of the link between a popup and its opener"),
    "crossOriginIsolated": Fact(_BOOL, "self.crossOriginIsolated"),
    "isSecureContext": Fact(_BOOL, "self.isSecureContext"),
    "SharedArrayBuffer": Fact(_BOOL, "whether the constructor SharedArrayBuffer is there"),
    "sharedMemory": Fact(_BOOL, "whether a SharedArrayBuffer reaches another thread and Atomics sees what that writes"),
    "timers": Fact(_words("timers", *get_args(Timers)), "the resolution of performance.now()"),
    "measureMemory": Fact(_BOOL, "whether performance.measureUserAgentSpecificMemory() answers"),
    "name": Fact(_TEXT, "the name of the window, frame or worker as its own script sees it"),
    "closed": Fact(_BOOL, "whether the opener's handle reads closed"),
    "open": Fact(_BOOL, "whether the browser still has the window, by the driver's word"),
    "ending": Fact(
        _words("ending", *get_args(Ending)),
        "what the window has come to; severed: it is open, and its opener's handle reads closed all the same",
    ),
    "length": Fact(_COUNT, "how many child frames the opener's handle shows"),
    "domAccess": Fact(_BOOL, "whether the opener's script can reach the popup's document"),
    "url": Fact(PAGE, "the page that the window shows at the end"),
}

_SCOPE = ("crossOriginIsolated", "isSecureContext", "SharedArrayBuffer", "sharedMemory", "name")
EMBED_FACTS: Mapping[EmbedKind, tuple[str, ...]] = {
    "iframe": (*_SCOPE, "timers"),
    "worker": _SCOPE,
    "image": (),
    "script": (),
    "style": (),
    "fetch": (),
}
"""What can be told about an embed besides that it loaded."""

POPUP_FACTS = frozenset({"opener", "closed", "ending", "length", "domAccess"})
"""Facts that need an opener's handle: only of windows that a script or a click opened."""


def allowed(kind: Kind) -> str:
    """What a value of the kind can be, in words."""
    words = ", ".join(map(plain, kind.choices))
    return f"it is one of: {words}" if words else f"it is {kind.name}"
