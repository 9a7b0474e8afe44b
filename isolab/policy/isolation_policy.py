"""Document-Isolation-Policy: from a response's headers to the isolation policy (WICG, Document-Isolation-Policy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isolab.policy.coep import CoepValue
from isolab.policy.fields import Headers, read_keyword
from isolab.policy.wording import clause, unread_clause

DipValue = Literal["none", "isolate-and-credentialless", "isolate-and-require-corp"]
DIP = "Document-Isolation-Policy"
DIP_REPORT_ONLY = "Document-Isolation-Policy-Report-Only"
SOURCE = "https://wicg.github.io/document-isolation-policy/"
_VALUES: tuple[DipValue, ...] = ("none", "isolate-and-credentialless", "isolate-and-require-corp")
_AS_COEP: dict[DipValue, CoepValue] = {
    "none": "unsafe-none",
    "isolate-and-credentialless": "credentialless",
    "isolate-and-require-corp": "require-corp",
}


@dataclass(frozen=True, slots=True)
class IsolationPolicy:
    """A document's isolation policy. `reason` is a clause whose subject is the response: "sends no …"."""

    value: DipValue
    reason: str
    endpoint: str | None = None
    report_only_value: DipValue = "none"
    report_only_endpoint: str | None = None
    source: str = SOURCE

    @property
    def strict(self) -> bool:
        """Whether the document is isolated by it, in an agent cluster of its own."""
        return self.value != "none"

    @property
    def for_subresources(self) -> CoepValue:
        """The embedder policy that asks the same of subresources; of frames it asks nothing."""
        return _AS_COEP[self.value]


def obtain_isolation_policy(headers: Headers, *, secure_context: bool) -> IsolationPolicy:
    """Obtain a response's isolation policy; `none` outside secure contexts, where headers are not read."""
    if not secure_context:
        return IsolationPolicy("none", unread_clause(headers, DIP))
    enforced = read_keyword(headers, DIP, _VALUES)
    report_only = read_keyword(headers, DIP_REPORT_ONLY, _VALUES)
    return IsolationPolicy(
        value=enforced.value or "none",
        reason=clause(DIP, enforced),
        endpoint=enforced.endpoint,
        report_only_value=report_only.value or "none",
        report_only_endpoint=report_only.endpoint,
    )
