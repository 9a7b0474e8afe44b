"""A slot with the stage that its pages play on, and what a case there may leave to the next.

A new stage means new host names: connections, certificates and documents anew. Where a case has left no trace, the next
goes on under the same names, and if it begins with the very same document, even in that.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext

from isolab.engines.engine import Slot
from isolab.lab.document import Document
from isolab.lab.server import Lab
from isolab.lab.stage import Stage
from isolab.runner.judge import disappoints
from isolab.runner.schedule import leaves_no_trace, share_key, stores_nothing
from isolab.runner.trial import Flown
from isolab.scenario.case import Case, EngineName


class Place:
    """Where cases are flown one after the other; `leave` ends its stage."""

    def __init__(self, lab: Lab, slot: Slot, engine: EngineName) -> None:
        self.slot = slot
        self._lab = lab
        self._engine = engine
        self._stage: Stage | None = None
        self._first: Document | None = None
        self._key: str | None = None

    def prepare(self, case: Case) -> tuple[Stage, Document | None]:
        """The stage for a case, and the document on it that is already the case's first."""
        if self._stage is None or not leaves_no_trace(case, self._engine):
            self.leave()
            self._stage = self._lab.stage()
        key = share_key(case, self._engine)
        first = self._first if key and key == self._key else None
        self._key = key
        # Its window may have crashed since.
        keep = first if first and not first.left else None
        return self._stage, keep

    def found_by_browsers(self, case: Case) -> AbstractAsyncContextManager[None]:
        """For as long as this is entered, browsers find the case's identity provider, if it has one for them.

        Only Chromium looks: the other engines need not wait for its turn.
        """
        looks = self._engine == "chromium" and case.provider is not None and case.provider.fedcm
        return self._lab.known_to_browsers(self._stage) if looks and self._stage else nullcontext()

    def settle(self, flown: Flown) -> bool:
        """A case is over, and its windows are about to be closed: whatever is not as it should be stays its own.

        Returns whether the browser has something to forget: pages that may act on, cookies that others would get.
        """
        wrong = disappoints(flown, self._engine) or not flown.settled
        if wrong or self._stage is None or not leaves_no_trace(flown.case, self._engine):
            self.leave()
        else:
            # Before their windows are closed, so that these need not say farewell and their connections stay of use.
            self._first = flown.first if self._key else None
            self._stage.dismiss(self._first)
        return wrong or not stores_nothing(flown.case)

    def leave(self) -> None:
        """Take the stage down."""
        if self._stage is not None:
            self._lab.leave(self._stage)
        self._stage, self._first, self._key = None, None, None
