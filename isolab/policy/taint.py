"""How far a fetch has left its initiator's origin, and whether it carries credentials (Fetch, 2.2.5, "main fetch")."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from isolab.policy.coep import CoepValue
from isolab.policy.request import Request
from isolab.policy.response import Hop
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin


def left_origin(initiator: Origin | None, hops: Sequence[Hop]) -> bool:
    """Whether the response tainting is no longer "basic": once at another origin, coming home does not undo it."""
    return not all(same_origin(initiator, hop.origin) for hop in hops)


def redirect_tainted(initiator: Origin | None, hops: Sequence[Hop]) -> bool:
    """Whether a redirect led from one foreign origin to another origin, after which the Origin header is `null`."""
    return any(
        not same_origin(hop.origin, last.origin) and not same_origin(initiator, last.origin)
        for last, hop in pairwise(hops)
    )


def includes_credentials(request: Request, initiator: Origin | None, hops: Sequence[Hop], *coep: CoepValue) -> bool:
    """Whether the request for the last of `hops` carries credentials, as far as cookie rules of their own allow.

    Under credentialless (one of the policies `coep`, an isolation policy's among them) a no-cors request carries them
    only where it has never left its own origin. A credentialless frame has a cookie jar of its own, empty at first.
    """
    if request.mode == "navigate":
        return not request.credentialless
    away = left_origin(initiator, hops)
    if request.mode == "no-cors" and "credentialless" in coep and away:
        return False
    return request.credentials == "include" or (request.credentials == "same-origin" and not away)
