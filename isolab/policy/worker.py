"""Workers: whose embedder policy each has, and what it is (HTML, 7.1.6 "initialize worker policy container")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from isolab.policy.coep import EmbedderPolicy, obtain_embedder_policy
from isolab.policy.document import Document
from isolab.policy.isolation_policy import IsolationPolicy, obtain_isolation_policy
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#initialize-worker-policy-container"
WorkerKind = Literal["dedicated", "shared", "service"]
_Policy = TypeVar("_Policy", EmbedderPolicy, IsolationPolicy)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker and the response that its script came in; of a local URL (blob:, data:) the response has no headers.

    `owners` are the documents and workers that made it, one for a dedicated worker; `creator` made its blob: URL.
    """

    kind: WorkerKind
    response: Hop
    owners: tuple[Document | Worker, ...]
    creator: Document | Worker | None = None

    @property
    def url(self) -> str:
        """The script's URL."""
        return self.response.url

    @property
    def scheme(self) -> str:
        """The scheme of the script's URL."""
        return self.url.partition(":")[0].lower()

    @property
    def is_local(self) -> bool:
        """Whether its script has no response of its own to bring policies."""
        return self.scheme in ("blob", "data")

    @property
    def origin(self) -> Origin | None:
        """The script's origin, opaque for data:, the creator's for blob:."""
        if self.scheme == "data":
            return None
        return self.creator.origin if self.scheme == "blob" and self.creator else self.response.origin

    @property
    def is_secure_context(self) -> bool:
        """Whether all owners are secure contexts (HTML, 8.1.3.5)."""
        return all(owner.is_secure_context for owner in self.owners)

    @property
    def embedder_policy(self) -> EmbedderPolicy:
        """The embedder policy: of the script's response; of a blob: URL's creator; of a data: URL's owner.

        A shared worker of a local URL also takes a strict policy of any owner, which web-platform-tests want and the
        standard does not say.
        """
        if self.is_local:
            return _first_strict(source.embedder_policy for source in self._sources())
        return obtain_embedder_policy(self.response.headers, secure_context=self.is_secure_context)

    @property
    def isolation_policy(self) -> IsolationPolicy:
        """The isolation policy: a dedicated worker shares its owner's agent cluster, and with it a strict policy."""
        if self.is_local:
            return _first_strict(source.isolation_policy for source in self._sources())
        own = obtain_isolation_policy(self.response.headers, secure_context=self.is_secure_context)
        owned = [owner.isolation_policy for owner in self.owners] if self.kind == "dedicated" else []
        return _first_strict([*owned, own])

    def _sources(self) -> tuple[Document | Worker, ...]:
        """From whom a local URL's worker inherits, the first of right."""
        creator = (self.creator,) if self.scheme == "blob" and self.creator else ()
        return creator if self.kind == "dedicated" and creator else (*creator, *self.owners)


def _first_strict(policies: Iterable[_Policy]) -> _Policy:
    given = list(policies)
    return next((policy for policy in given if policy.strict), given[0])
