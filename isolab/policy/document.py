"""A document in its tree of frames: what the rules ask about the one that opens, embeds or computes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from isolab.policy.coep import EmbedderPolicy, obtain_embedder_policy
from isolab.policy.coop import OpenerPolicy, obtain_opener_policy
from isolab.policy.response import Hop
from isolab.policy.secure import secure_context
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin


@dataclass(frozen=True, slots=True)
class Document:
    """A document and the response that it was made from; `parent` is None for a top-level one.

    `sandbox` has the tokens of its frame's sandbox attribute, None without that attribute; `allow` is its frame's allow
    attribute, None without. A srcdoc or about:blank frame has its parent's response: it inherits from there.
    """

    response: Hop
    parent: Document | None = None
    sandbox: frozenset[str] | None = None
    allow: str | None = None

    @property
    def url(self) -> str:
        """The document's URL."""
        return self.response.url

    def lineage(self) -> Iterator[Document]:
        """Go from the document up to its ancestors, the top-level one last."""
        document: Document | None = self
        while document is not None:
            yield document
            document = document.parent

    @property
    def top(self) -> Document:
        """The top-level document."""
        return self if self.parent is None else self.parent.top

    @property
    def origin(self) -> Origin | None:
        """The document's origin; None (opaque) where it or an ancestor is sandboxed without allow-same-origin."""
        return None if self._lacks("allow-same-origin") else self.response.origin

    @property
    def same_origin_with_top(self) -> bool:
        """Whether it is the top-level document or same-origin with it."""
        return self.parent is None or same_origin(self.origin, self.top.origin)

    @property
    def sandboxes_popups(self) -> bool:
        """Whether its popups get sandboxing flags (HTML, 7.1.5)."""
        return self._lacks("allow-popups-to-escape-sandbox")

    @property
    def is_secure_context(self) -> bool:
        """Whether its URL and those of all ancestors are potentially trustworthy."""
        return secure_context(document.response.origin for document in self.lineage())

    @property
    def opener_policy(self) -> OpenerPolicy:
        """The opener policy; only a top-level document's matters."""
        return obtain_opener_policy(self.response.headers, secure_context=self.is_secure_context)

    @property
    def embedder_policy(self) -> EmbedderPolicy:
        """The embedder policy."""
        return obtain_embedder_policy(self.response.headers, secure_context=self.is_secure_context)

    def _lacks(self, token: str) -> bool:
        return any(document.sandbox is not None and token not in document.sandbox for document in self.lineage())
