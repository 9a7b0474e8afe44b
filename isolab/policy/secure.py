"""Secure contexts: only they have COOP and COEP (Secure Contexts, 3.1 and 3.2; HTML, 8.1.3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from isolab.policy.site import is_address
from isolab.policy.terms import Origin


def potentially_trustworthy(origin: Origin | None) -> bool:
    """Whether an origin is potentially trustworthy: https, or http on a loopback name or address; never an opaque one.

    Loopback names are `localhost` and everything below it, as browsers resolve them (Secure Contexts, 3.1).
    """
    if origin is None:
        return False
    return origin.scheme == "https" or _is_loopback(origin.host.lower())


def secure_context(chain: Iterable[Origin]) -> bool:
    """Whether a document is a secure context: its own URL and those of all its ancestors are trustworthy.

    `chain` has the origins of the *URLs*: a sandboxed document's origin is opaque, its URL still counts.
    The HTML Standard asks for the top-level URL alone; engines ask all ancestors, and an http frame in an https page
    is blocked as mixed content before the difference shows.
    """
    return all(potentially_trustworthy(origin) for origin in chain)


def _is_loopback(host: str) -> bool:
    if is_address(host):
        return ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    name = host.removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")
