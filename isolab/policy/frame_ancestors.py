"""May a page be framed? CSP's frame-ancestors and X-Frame-Options, which are asked around the embedder policy's check.

The order matters for reports (HTML, 7.4.5): frame-ancestors is asked before the embedder policy, X-Frame-Options after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from isolab.policy.csp import CSP, directives
from isolab.policy.fields import combined
from isolab.policy.response import Hop
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin
from isolab.policy.wording import printable

XFO = "X-Frame-Options"
CSP_SOURCE = "https://w3c.github.io/webappsec-csp/#directive-frame-ancestors"
XFO_SOURCE = "https://html.spec.whatwg.org/multipage/speculative-loading.html#the-x-frame-options-header"
_HOST_SOURCE = re.compile(r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>\[[^\]]+\]|[^:/\[]+)(?::(?P<port>\d+|\*))?/?")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def ancestors_complaint(hop: Hop, ancestors: Sequence[Origin | None]) -> str | None:
    """Why frame-ancestors keeps a page from being framed in documents of these origins, or None where it does not."""
    for sources in directives(hop.headers, "frame-ancestors"):
        if not all(any(_matches(source, origin, hop.origin) for source in sources) for origin in ancestors):
            return f"sends {CSP} with frame-ancestors {printable(' '.join(sources))}"
    return None


def frame_options_complaint(hop: Hop, ancestors: Sequence[Origin | None]) -> str | None:
    """Why X-Frame-Options keeps a page from being framed, or None; with frame-ancestors it is not read.

    A sandboxed frame is compared by the origin of its URL, as the three engines do (measured: Chromium 156,
    Firefox 153, WebKitGTK 2.50); the standard's destination origin is opaque there.
    """
    text = combined(hop.headers, XFO)
    if text is None or directives(hop.headers, "frame-ancestors"):
        return None
    values = {value.strip().lower() for value in text.split(",")}
    # Two different values deny as soon as one of them means anything.
    denied = "deny" in values or (len(values) > 1 and values & {"sameorigin", "allowall"})
    if denied or (values == {"sameorigin"} and not all(same_origin(each, hop.origin) for each in ancestors)):
        return f"sends {XFO}: {printable(text)}"
    return None


def _matches(source: str, origin: Origin | None, own: Origin) -> bool:
    """Match a source expression and an ancestor's origin (CSP 3, 6.7.2.8); an opaque origin matches none."""
    expression = source.lower()
    if origin is None or expression == "'none'":
        return False
    if expression == "'self'":
        return same_origin(origin, own)
    if expression == "*":
        return True
    if expression.endswith(":") and "/" not in expression:
        return _scheme_fits(expression.removesuffix(":"), origin)
    return _matches_host(expression, origin, own)


def _matches_host(expression: str, origin: Origin, own: Origin) -> bool:
    found = _HOST_SOURCE.fullmatch(expression)
    if found is None or not _scheme_fits(found["scheme"] or own.scheme, origin):
        return False
    host, name = found["host"], origin.host.lower()
    fits = name.endswith(host.removeprefix("*")) if host.startswith("*.") else host in ("*", name)
    return fits and _port_fits(found["port"], origin)


def _scheme_fits(scheme: str, origin: Origin) -> bool:
    return origin.scheme == scheme or (scheme == "http" and origin.scheme == "https")


def _port_fits(port: str | None, origin: Origin) -> bool:
    actual = origin.port or _DEFAULT_PORTS[origin.scheme]
    return port == "*" or actual == (int(port) if port else _DEFAULT_PORTS[origin.scheme])
