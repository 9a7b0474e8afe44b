"""A scenario's sign-in provider (OAuth 2.0, OpenID Connect): its endpoints, its clients, and how it behaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

EndpointName = Literal[
    "discovery",
    "jwks",
    "authorize",
    "login",
    "consent",
    "finish",
    "token",
    "userinfo",
    "end-session",
    "fedcm-config",
    "fedcm-accounts",
    "fedcm-client",
    "fedcm-assertion",
    "fedcm-login",
]
"""`finish` is where every sign-in ends: it carries the answer to the client, by redirect or by a page of its own.

Those of FedCM are asked for by the browser, but for `fedcm-login`, where a person signs in for no client in particular.
"""

ENDPOINTS: tuple[EndpointName, ...] = get_args(EndpointName)

FEDCM: tuple[EndpointName, ...] = tuple(name for name in ENDPOINTS if name.startswith("fedcm-"))
"""What only a provider has that browsers know (Federated Credential Management API)."""

PATHS: Mapping[EndpointName, str] = {
    "discovery": "/.well-known/openid-configuration",
    "jwks": "/jwks.json",
    **{name: f"/{name}" for name in ENDPOINTS[2:]},
}
"""Where an endpoint is unless the scenario says otherwise."""

INTERACTIVE: tuple[EndpointName, ...] = ("authorize", "login", "consent", "finish")
"""What a window passes on its way to sign in, in this order; each may be left out where nobody has to be asked."""


@dataclass(frozen=True, slots=True)
class Client:
    """An application that may ask for sign-in. URIs are compared character by character (RFC 9700, 2.1).

    `secret` is None for a public client, which has to use PKCE. The URIs may hold `${{ url.PAGE }}` and
    `${{ origin.HOST }}`.
    """

    name: str
    redirect_uris: tuple[str, ...]
    logout_uris: tuple[str, ...] = ()
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """How the sign-in provider of a case behaves.

    `issuer` may hold placeholders. `signed_in`: the person is already, in every browser; `consented`: nobody has to be
    asked. `answer` replaces parameters of the authorization response, so that a client can be seen to notice; None
    leaves one out. `fedcm`: browsers mediate sign-ins with it. `endpoints` has the pages of each endpoint, the one that
    metadata names first.
    """

    issuer: str
    person: str
    clients: tuple[Client, ...]
    signed_in: bool = False
    consented: bool = False
    answer: Mapping[str, str | None] = field(default_factory=dict)
    fedcm: bool = False
    endpoints: Mapping[EndpointName, tuple[str, ...]] = field(default_factory=dict)

    def client(self, name: str) -> Client | None:
        """The client of a `client_id`."""
        return next((client for client in self.clients if client.name == name), None)
