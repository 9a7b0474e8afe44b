"""What a popup and its opener load, one after the other: the input to predicting their link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from isolab.policy.document import Document
from isolab.policy.response import Hop

Window = Literal["popup", "opener"]


@dataclass(frozen=True, slots=True)
class Navigation:
    """One navigation of a window: its redirects and, last, the response that it ends with.

    `window` is `opener` for the opener's top-level window. `from_initial_blank` concerns a popup's first navigation:
    False where a script wrote into the blank document before, which ends its being the initial one (whatwg/html#6960).
    `shows` is the local document (about:blank, blob:) that it goes to, which needs no response. `by_itself` concerns
    reports: whether the one who navigates is same-origin with the document that is left, as a popup's opener is.
    """

    hops: tuple[Hop, ...] = ()
    window: Window = "popup"
    from_initial_blank: bool = True
    shows: Document | None = None
    by_itself: bool = True

    @property
    def responses(self) -> tuple[Hop, ...]:
        """The responses; for a local document the one that stands for it."""
        return (*self.hops, self.shows.response) if self.shows else self.hops

    @property
    def commits(self) -> bool:
        """Whether the window shows another document afterwards."""
        return bool(self.responses) and not self.responses[-1].leaves_document


def navigations(log: Iterable[Hop], window: Window = "popup") -> tuple[Navigation, ...]:
    """Cut a window's responses, in the order served, into navigations: each ends with the first that is no redirect."""
    done: list[Navigation] = []
    hops: list[Hop] = []
    for hop in log:
        hops.append(hop)
        if not hop.redirects:
            done.append(Navigation(tuple(hops), window))
            hops = []
    return (*done, Navigation(tuple(hops), window)) if hops else tuple(done)
