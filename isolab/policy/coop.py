"""Cross-Origin-Opener-Policy: from a response's headers to the opener policy (HTML, 7.1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isolab.policy.coep import COEP, EmbedderPolicy, obtain_embedder_policy
from isolab.policy.fields import Headers, Keyword, read_keyword
from isolab.policy.wording import clause, unread_clause

SentCoop = Literal["unsafe-none", "same-origin", "same-origin-allow-popups", "noopener-allow-popups"]
CoopValue = SentCoop | Literal["same-origin-plus-COEP"]
COOP = "Cross-Origin-Opener-Policy"
COOP_REPORT_ONLY = "Cross-Origin-Opener-Policy-Report-Only"
SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#obtain-coop"
_VALUES: tuple[SentCoop, ...] = ("unsafe-none", "same-origin", "same-origin-allow-popups", "noopener-allow-popups")


@dataclass(frozen=True, slots=True)
class OpenerPolicy:
    """The standard's opener policy. `reason` is a clause whose subject is the response: "sends no …"."""

    value: CoopValue
    reason: str
    endpoint: str | None = None
    report_only_value: CoopValue = "unsafe-none"
    report_only_endpoint: str | None = None
    source: str = SOURCE


def obtain_opener_policy(headers: Headers, *, secure_context: bool) -> OpenerPolicy:
    """Obtain the opener policy of a top-level navigation's response; on any other the header has no effect."""
    if not secure_context:
        return OpenerPolicy("unsafe-none", unread_clause(headers, COOP))
    coep = obtain_embedder_policy(headers, secure_context=True)
    enforced = read_keyword(headers, COOP, _VALUES)
    report_only = read_keyword(headers, COOP_REPORT_ONLY, _VALUES)
    return OpenerPolicy(
        value=_upgraded(enforced.value, isolating=coep.strict),
        reason=_reason(enforced, coep),
        endpoint=enforced.endpoint,
        # An embedder policy that is only reported is enough for an opener policy that is only reported.
        report_only_value=_upgraded(
            report_only.value, isolating=coep.strict or coep.report_only_value != "unsafe-none"
        ),
        report_only_endpoint=report_only.endpoint,
    )


def _upgraded(value: SentCoop | None, *, isolating: bool) -> CoopValue:
    if value == "same-origin" and isolating:
        return "same-origin-plus-COEP"
    return value or "unsafe-none"


def _reason(enforced: Keyword[SentCoop], coep: EmbedderPolicy) -> str:
    sent = clause(COOP, enforced)
    if enforced.value == "same-origin" and coep.strict:
        return f"{sent} with {COEP}: {coep.value} (together same-origin-plus-COEP)"
    return sent
