"""The way of a request: the responses so far, and the policies under which the last one is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isolab.policy.coep import CoepValue
from isolab.policy.corp import CorpVerdict, check_resource_policy
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.isolation_policy import DIP
from isolab.policy.request import Request
from isolab.policy.response import Hop
from isolab.policy.taint import includes_credentials, left_origin
from isolab.policy.terms import Origin


@dataclass(frozen=True, slots=True)
class Way:
    """A request of a document or a worker, and the responses so far; the checks are about the last one."""

    environment: Environment
    request: Request
    hops: Sequence[Hop]

    @property
    def last(self) -> Hop:
        """The last response."""
        return self.hops[-1]

    @property
    def at_home(self) -> bool:
        """Whether it has never left the environment's origin."""
        return not left_origin(self.environment.origin, self.hops)

    @property
    def credentialless(self) -> bool:
        """Whether it leads into a credentialless frame: there embedder policies ask nothing."""
        within = isinstance(self.environment, Document) and self.environment.is_credentialless
        return self.request.kind == "iframe" and (self.request.credentialless or within)

    @property
    def ancestors(self) -> list[Origin | None]:
        """The origins of the documents that a frame will be in, innermost first; none for anything else."""
        if self.request.kind != "iframe" or not isinstance(self.environment, Document):
            return []
        return [document.origin for document in self.environment.lineage()]

    def steps(self) -> Iterator[Way]:
        """Go through the responses, the way so far with each."""
        for index in range(len(self.hops)):
            yield Way(self.environment, self.request, self.hops[: index + 1])

    def corp(self) -> CorpVerdict:
        """Check CORP under each policy of the environment; the first that blocks, or the last that lets pass."""
        coep, isolation = self.environment.embedder_policy.value, self.environment.isolation_policy
        first = self.corp_under(coep)
        if not first.allowed or self.request.mode == "navigate" or not isolation.strict:
            return first
        return self.corp_under(isolation.for_subresources, f"{DIP}: {isolation.value}")

    def corp_under(self, coep: CoepValue, imposed_by: str = "") -> CorpVerdict:
        """Check CORP as if `coep` were the environment's embedder policy."""
        environment = self.environment
        isolation = environment.isolation_policy.for_subresources
        # What was sent goes by what is enforced, whatever `coep` would have had sent (Fetch, the internal check).
        enforced = environment.embedder_policy.value
        credentialed = includes_credentials(self.request, environment.origin, self.hops, enforced, isolation)
        return check_resource_policy(
            environment.origin,
            self.last,
            coep,
            navigation=self.request.mode == "navigate",
            credentialed=credentialed,
            imposed_by=imposed_by,
        )
