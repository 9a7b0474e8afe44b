"""The CORS check of one response (Fetch, "CORS check").

Preflights are not considered: simple GET requests have none.
"""

from __future__ import annotations

from isolab.policy.fields import combined
from isolab.policy.response import Hop
from isolab.policy.wording import printable

ACAO = "Access-Control-Allow-Origin"
ACAC = "Access-Control-Allow-Credentials"
SOURCE = "https://fetch.spec.whatwg.org/#concept-cors-check"


def cors_complaint(hop: Hop, origin: str, *, credentialed: bool) -> str | None:
    """Why a response fails the check, as a clause about it, or None where it passes.

    `origin` is the request's Origin header (`null` for an opaque or tainted one); `credentialed` whether the
    credentials mode is `include`.
    """
    allowed = combined(hop.headers, ACAO)
    if allowed is None:
        return f"sends no {ACAO}"
    if not credentialed and allowed == "*":
        return None
    if allowed != origin:
        return f"sends {ACAO}: {printable(allowed)}, but the request comes from {origin}" + (
            " with credentials" * credentialed
        )
    if credentialed and combined(hop.headers, ACAC) != "true":
        return f"sends no {ACAC}: true, but the request has credentials"
    return None
