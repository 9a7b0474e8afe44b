"""A document in its tree of frames: what the rules ask about the one that opens, embeds or computes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from isolab.policy.coep import EmbedderPolicy, obtain_embedder_policy
from isolab.policy.coop import OpenerPolicy, obtain_opener_policy
from isolab.policy.csp import sandbox_tokens
from isolab.policy.isolation_policy import IsolationPolicy, obtain_isolation_policy
from isolab.policy.response import Hop
from isolab.policy.secure import secure_context
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin


@dataclass(frozen=True, slots=True)
class Document:
    """A document and the response that it was made from; `parent` is None for a top-level one.

    `sandbox` has the tokens of its frame's sandbox attribute (for a popup: those that its opener left it), None without
    it; `allow` is its frame's allow attribute, None without; `credentialless` whether its frame has that attribute;
    `asked` is the origin that its frame's src has, None for the document's own.
    `inherits` is the document whose policies it has because its URL is local (about:blank, about:srcdoc, blob:, data:,
    javascript:): see `inheritance.local_document`.
    """

    response: Hop
    parent: Document | None = None
    sandbox: frozenset[str] | None = None
    allow: str | None = None
    credentialless: bool = False
    asked: Origin | None = None
    inherits: Document | None = None

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
        """The document's origin; None (opaque) for data:, and where sandboxed without allow-same-origin."""
        if self.lacks("allow-same-origin") or self.url.lower().startswith("data:"):
            return None
        return self.response.origin if self.inherits is None else self.inherits.origin

    @property
    def same_origin_with_top(self) -> bool:
        """Whether it is the top-level document or same-origin with it."""
        return self.parent is None or same_origin(self.origin, self.top.origin)

    @property
    def sandboxes_popups(self) -> bool:
        """Whether its popups get sandboxing flags (HTML, 7.1.5)."""
        return self.lacks("allow-popups-to-escape-sandbox")

    @property
    def may_not_open(self) -> bool:
        """Whether a sandbox keeps it from opening windows: window.open returns null (HTML, 7.3.1.7)."""
        return self.lacks("allow-popups")

    @property
    def is_credentialless(self) -> bool:
        """Whether its frame, or one around it, is credentialless (Anonymous iframe, "credentialless" of a window)."""
        return any(document.credentialless for document in self.lineage())

    @property
    def is_secure_context(self) -> bool:
        """Whether its URL and those of all ancestors are potentially trustworthy."""
        return secure_context(document.response.origin for document in self.lineage())

    @property
    def opener_policy(self) -> OpenerPolicy:
        """The opener policy; only a top-level document's matters."""
        if self.inherits is not None:
            return self.inherits.opener_policy_for_local
        return obtain_opener_policy(self.response.headers, secure_context=self.is_secure_context)

    @property
    def opener_policy_for_local(self) -> OpenerPolicy:
        """What a top-level about:blank or blob: document gets from it (HTML, 7.1.3 "creating a browsing context").

        The top-level document's opener policy, where this one is same-origin with it.
        """
        if not self.same_origin_with_top:
            return OpenerPolicy("unsafe-none", f"inherits nothing from {self.url}, of another origin than its top")
        policy = self.top.opener_policy
        return replace(policy, reason=f"inherits from {self.top.url}, which {policy.reason}")

    @property
    def embedder_policy(self) -> EmbedderPolicy:
        """The embedder policy (HTML, 7.1.4)."""
        if self.inherits is not None:
            policy = self.inherits.embedder_policy
            return replace(policy, reason=f"inherits from {self.inherits.url}, which {policy.reason}")
        return obtain_embedder_policy(self.response.headers, secure_context=self.is_secure_context)

    @property
    def isolation_policy(self) -> IsolationPolicy:
        """The isolation policy (Document-Isolation-Policy)."""
        if self.inherits is not None:
            policy = self.inherits.isolation_policy
            return replace(policy, reason=f"inherits from {self.inherits.url}, which {policy.reason}")
        return obtain_isolation_policy(self.response.headers, secure_context=self.is_secure_context)

    @property
    def csp_sandbox(self) -> frozenset[str] | None:
        """The tokens that its Content-Security-Policy's sandbox leaves, None without; local documents inherit it."""
        return sandbox_tokens(self.response.headers) if self.inherits is None else self.inherits.csp_sandbox

    def lacks(self, token: str) -> bool:
        """Whether a sandbox without this allow-… token is upon it: its frame's, an ancestor's, one of their CSP's."""
        sandboxes = (tokens for each in self.lineage() for tokens in (each.sandbox, each.csp_sandbox))
        return any(tokens is not None and token not in tokens for tokens in sandboxes)


def framed_document(parent: Document, way: Sequence[Hop], attributes: Mapping[str, str]) -> Document:
    """Make the document that a frame with these attributes (names as in HTML) shows in another document.

    `way` has the responses from its src on, redirects first.
    """
    tokens = attributes.get("sandbox")
    sandbox = None if tokens is None else frozenset(tokens.lower().split())
    allow, credentialless = attributes.get("allow"), "credentialless" in attributes
    return Document(way[-1], parent, sandbox, allow, credentialless, way[0].origin)
