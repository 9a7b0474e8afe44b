"""Same origin and same site (HTML, 7.1.1 and 7.1.1.1). None stands for an opaque origin."""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

from isolab.policy.terms import Origin

_DEFAULT_PORTS = {"https": 443, "http": 80}


def same_origin(a: Origin | None, b: Origin | None) -> bool:
    """Whether scheme, host and port are equal. An opaque origin is taken to be another than any it is compared with."""
    return a is not None and b is not None and _tuple(a) == _tuple(b)


def same_site(a: Origin | None, b: Origin | None) -> bool:
    """Whether both are schemelessly same site and have the same scheme; ports do not matter."""
    return a is not None and b is not None and a.scheme == b.scheme and schemeless_same_site(a, b)


def schemeless_same_site(a: Origin | None, b: Origin | None) -> bool:
    """Whether the hosts are equal or have the same registrable domain."""
    if a is None or b is None:
        return False
    if _host(a) == _host(b):
        return True
    domain = registrable_domain(a.host)
    return domain is not None and domain == registrable_domain(b.host)


def registrable_domain(host: str) -> str | None:
    """Take the public suffix and one label more (URL, 3.2): None for addresses and for public suffixes themselves.

    A suffix that the list does not know counts as one label: `app.example` is registrable.
    """
    name = host.lower()
    if is_address(name):
        return None
    root = name.endswith(".")
    domain = _suffixes().privatesuffix(name.removesuffix("."))
    return f"{domain}." if domain and root else domain


def is_address(host: str) -> bool:
    """Whether a host is an IPv4 or a bracketed IPv6 address rather than a name."""
    try:
        ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _tuple(origin: Origin) -> tuple[str, str, int]:
    port = _DEFAULT_PORTS[origin.scheme] if origin.port is None else origin.port
    return origin.scheme, _host(origin), port


def _host(origin: Origin) -> str:
    return origin.host.lower()


@cache
def _suffixes() -> PublicSuffixList:
    # The list comes with the library; it is read once, and only where hosts are compared.
    return PublicSuffixList()
