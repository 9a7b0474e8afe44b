"""Cross-Origin-Embedder-Policy: from a response's headers to the embedder policy (HTML, 7.1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isolab.policy.fields import Headers, read_keyword
from isolab.policy.wording import clause, unread_clause

CoepValue = Literal["unsafe-none", "require-corp", "credentialless"]
COEP = "Cross-Origin-Embedder-Policy"
COEP_REPORT_ONLY = "Cross-Origin-Embedder-Policy-Report-Only"
SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#obtain-an-embedder-policy"
_VALUES: tuple[CoepValue, ...] = ("unsafe-none", "require-corp", "credentialless")


@dataclass(frozen=True, slots=True)
class EmbedderPolicy:
    """The standard's embedder policy. `reason` is a clause whose subject is the response: "sends no …"."""

    value: CoepValue
    reason: str
    endpoint: str | None = None
    report_only_value: CoepValue = "unsafe-none"
    report_only_endpoint: str | None = None
    source: str = SOURCE

    @property
    def strict(self) -> bool:
        """Whether the value is compatible with cross-origin isolation."""
        return self.value != "unsafe-none"


def obtain_embedder_policy(headers: Headers, *, secure_context: bool) -> EmbedderPolicy:
    """Obtain a response's embedder policy; `unsafe-none` outside secure contexts, where headers are not read."""
    if not secure_context:
        return EmbedderPolicy("unsafe-none", unread_clause(headers, COEP))
    enforced = read_keyword(headers, COEP, _VALUES)
    report_only = read_keyword(headers, COEP_REPORT_ONLY, _VALUES)
    return EmbedderPolicy(
        value=enforced.value or "unsafe-none",
        reason=clause(COEP, enforced),
        endpoint=enforced.endpoint,
        report_only_value=report_only.value or "unsafe-none",
        report_only_endpoint=report_only.endpoint,
    )
