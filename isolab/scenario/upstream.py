"""Which servers of the user's own a host may be played by: their addresses, as a scenario file has them."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from urllib.parse import urlsplit

NETWORK = "ISOLAB_NETWORK"
"""With this variable at 1 they may be on other machines: the person says so, as a file may be somebody else's."""

ENVIRONMENT = re.compile(r"\$\{\{\s*env\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
"""In an address, a variable of the environment: a server that tests start has another port each time."""

Complaint = tuple[str, str]
"""A message and how to mend it."""

_FORM = "write it like http://127.0.0.1:8000"


def from_environment(text: str) -> tuple[str, str | None]:
    """The address with variables filled in, and the name of one that the environment does not have."""
    missing = next((name for name in ENVIRONMENT.findall(text) if not os.environ.get(name)), None)
    return ENVIRONMENT.sub(lambda found: os.environ.get(found.group(1)) or found.group(), text), missing


def refused(url: str) -> Complaint | None:
    """Why an address cannot be forwarded to, or None where it can."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        return f"the upstream `{url}` is not a URL: {error}", _FORM
    if parts.scheme != "http" or not host or parts.username is not None or port == 0:
        return f"the upstream `{url}` is not the http address of a server", _FORM
    if parts.path.strip("/") or parts.query or parts.fragment:
        return f"the upstream `{url}` has more than a host and a port", f"paths are those of the pages: {_FORM}"
    if not (is_loopback(host) or os.environ.get(NETWORK) == "1"):
        message = f"the upstream `{url}` is not on this machine's loopback interface"
        return message, f"{_FORM}; to let isolab reach other machines, set {NETWORK}=1 in the environment"
    return None


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this very machine's loopback interface."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
