"""Cross-Origin-Resource-Policy: the header and the check (Fetch, 3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isolab.policy.coep import COEP, CoepValue
from isolab.policy.fields import Headers, combined
from isolab.policy.response import Hop
from isolab.policy.site import same_origin, schemeless_same_site
from isolab.policy.terms import Origin
from isolab.policy.wording import printable

CorpValue = Literal["same-origin", "same-site", "cross-origin"]
CORP = "Cross-Origin-Resource-Policy"
SOURCE = "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check"
_VALUES: tuple[CorpValue, ...] = ("same-origin", "same-site", "cross-origin")


@dataclass(frozen=True, slots=True)
class CorpVerdict:
    """Whether the check lets a response pass, and why."""

    allowed: bool
    reason: str
    source: str = SOURCE


def read_corp(headers: Headers) -> CorpValue | None:
    """Read the value, to the letter: no structured field, no parameters, no case folding, no second line."""
    text = combined(headers, CORP)
    return next((value for value in _VALUES if value == text), None)


def check_resource_policy(
    initiator: Origin | None,
    hop: Hop,
    coep: CoepValue,
    *,
    navigation: bool = False,
    credentialed: bool = True,
    imposed_by: str = "",
) -> CorpVerdict:
    """Make Fetch's cross-origin resource policy check of one response, redirects included.

    `initiator` is the origin of the document that asks (for a navigation: the document whose frame it is), `coep` its
    embedder policy; `credentialed` whether the request carried credentials, which matters under credentialless only.
    `imposed_by` names the header that wants what `coep` says, for the reason (default: the embedder policy's).
    """
    if navigation and coep == "unsafe-none":
        return CorpVerdict(True, f"{CORP} does not apply to frames of a document without {COEP}")
    sent = read_corp(hop.headers)
    policy = sent or _implied(coep, strict=navigation or credentialed)
    says = _clause(hop, sent, policy, imposed_by or f"{COEP}: {coep}")
    if policy is None or _permits(policy, initiator, hop.origin):
        return CorpVerdict(True, says)
    wanted = "of another origin than" if policy == "same-origin" else "not of the same site as"
    asks = initiator or "the opaque origin that asks for it"
    port = ": another port is another origin" if _by_port(initiator, hop.origin) else ""
    return CorpVerdict(False, f"{says}, and it is {wanted} {asks}{port}")


def _implied(coep: CoepValue, *, strict: bool) -> CorpValue | None:
    if coep == "require-corp" or (coep == "credentialless" and strict):
        return "same-origin"
    return None


def _permits(policy: CorpValue, initiator: Origin | None, response: Origin) -> bool:
    if policy == "same-origin":
        return same_origin(initiator, response)
    if policy == "same-site":
        # An http page must not read what an https page of the same site keeps to its site.
        downgraded = initiator is not None and initiator.scheme == "http" and response.scheme == "https"
        return schemeless_same_site(initiator, response) and not downgraded
    return True


def _by_port(initiator: Origin | None, response: Origin) -> bool:
    """Whether nothing but the port tells the two apart, which people take for one origin."""
    return initiator is not None and (initiator.scheme, initiator.host) == (response.scheme, response.host)


def _clause(hop: Hop, sent: CorpValue | None, policy: CorpValue | None, imposed_by: str) -> str:
    text = combined(hop.headers, CORP)
    if sent is not None:
        return f"{hop.url} sends {CORP}: {sent}"
    says = (
        f"sends no {CORP}"
        if text is None
        else f"sends {CORP}: {printable(text)}, which is ignored as none of its values"
    )
    return f"{hop.url} {says}" if policy is None else f"{hop.url} {says}; under {imposed_by} that means same-origin"
