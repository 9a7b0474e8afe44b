"""The hosts and responses that the policy tests speak of."""

from __future__ import annotations

from typing import TypedDict, Unpack, cast

from isolab.policy.document import Document
from isolab.policy.life import Navigation
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

APP = Origin("https", "app.example")
SUB = Origin("https", "login.app.example")
IDP = Origin("https", "idp.example")
RELATED = {"same-origin": APP, "same-site": SUB, "cross-site": IDP}
HEADERS = {
    "coop": "Cross-Origin-Opener-Policy",
    "coep": "Cross-Origin-Embedder-Policy",
    "corp": "Cross-Origin-Resource-Policy",
    "acao": "Access-Control-Allow-Origin",
    "acac": "Access-Control-Allow-Credentials",
    "permissions": "Permissions-Policy",
    "coop_ro": "Cross-Origin-Opener-Policy-Report-Only",
    "coep_ro": "Cross-Origin-Embedder-Policy-Report-Only",
    "dip": "Document-Isolation-Policy",
    "dip_ro": "Document-Isolation-Policy-Report-Only",
    "csp": "Content-Security-Policy",
    "xfo": "X-Frame-Options",
}


class Sent(TypedDict, total=False):
    """Header values by short name; None is not sent."""

    coop: str | None
    coep: str | None
    corp: str | None
    acao: str | None
    acac: str | None
    permissions: str | None
    coop_ro: str | None
    coep_ro: str | None
    dip: str | None
    dip_ro: str | None
    csp: str | None
    xfo: str | None


ISOLATING: Sent = {"coop": "same-origin", "coep": "require-corp"}


def page(origin: Origin = APP, path: str = "/", status: int = 200, **sent: Unpack[Sent]) -> Hop:
    """A response; `coop="…"` and so on are its headers."""
    lines = cast("dict[str, str | None]", sent).items()
    headers = tuple((HEADERS[name], value) for name, value in lines if value is not None)
    return Hop(f"{origin}{path}", origin, status, headers)


def redirect(origin: Origin = APP, path: str = "/go", **sent: Unpack[Sent]) -> Hop:
    """A redirect response."""
    there = page(origin, path, 302, **sent)
    return Hop(there.url, origin, 302, (*there.headers, ("Location", "/next")))


def document(origin: Origin = APP, parent: Document | None = None, **sent: Unpack[Sent]) -> Document:
    """A document that was served with these headers."""
    return Document(page(origin, **sent), parent)


def goes(*hops: Hop) -> Navigation:
    """The popup goes over these responses."""
    return Navigation(hops)
