"""What a browser asks a provider for that it mediates sign-ins with (Federated Credential Management API, a draft)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from isolab.lab.signin.interaction import Interaction, consent_to
from isolab.lab.signin.ledger import Grant, Ledger, Session
from isolab.lab.signin.message import Answer, Asked, HeaderLines, Refused, Shown, Told, single
from isolab.lab.signin.request import AuthorizationRequest
from isolab.lab.signin.tokens import Mint, person_claims
from isolab.scenario.provider import Client, EndpointName, Provider

SCOPE = ("openid", "profile", "email")
"""What an account tells of a person, and so its token."""

Endpoint = Callable[[Asked], Answer]


class Mediation:
    """The endpoints. `fill` gives the real URL for one with placeholders."""

    def __init__(
        self, provider: Provider, interaction: Interaction, ledger: Ledger, mint: Mint, fill: Callable[[str], str]
    ) -> None:
        self._provider = provider
        self._interaction = interaction
        self._ledger = ledger
        self._mint = mint
        self._fill = fill

    def endpoints(self, address: Callable[[EndpointName], str]) -> Mapping[EndpointName, Endpoint]:
        """Each by its name; `address` gives its real URL."""
        return {
            "fedcm-config": lambda asked: self._config(asked, address),
            "fedcm-accounts": self._accounts,
            "fedcm-client": self._client_metadata,
            "fedcm-assertion": self._assertion,
            "fedcm-login": self._login,
        }

    def web_identity(self, address: Callable[[EndpointName], str]) -> dict[str, object]:
        """What browsers find at the registrable domain; the last two where the client has metadata."""
        return {
            "provider_urls": [address("fedcm-config")],
            "accounts_endpoint": address("fedcm-accounts"),
            "login_url": address("fedcm-login"),
        }

    def _config(self, asked: Asked, address: Callable[[EndpointName], str]) -> Told:
        """What the provider tells of itself."""
        _require_browser(asked)
        return Told(
            {
                "accounts_endpoint": address("fedcm-accounts"),
                "client_metadata_endpoint": address("fedcm-client"),
                "id_assertion_endpoint": address("fedcm-assertion"),
                "login_url": address("fedcm-login"),
            }
        )

    def _accounts(self, asked: Asked) -> Told:
        """Who has signed in with this browser."""
        _require_browser(asked)
        session = self._interaction.session(asked)
        if session is None:
            raise Refused("login_required", "nobody has signed in", HTTPStatus.UNAUTHORIZED)
        claims = person_claims(session.person, SCOPE)
        account = {"id": session.person, "name": claims["name"], "email": claims["email"]}
        return Told({"accounts": [{**account, "approved_clients": self._approved(session)}]})

    def _approved(self, session: Session) -> list[str]:
        """The clients that the person has agreed to."""
        known = {(client, person) for client, person, _ in self._ledger.consents}
        names = [client.name for client in self._provider.clients]
        return [name for name in names if self._provider.consented or (name, session.person) in known]

    def _client_metadata(self, asked: Asked) -> Told:
        """What a client says of its terms: nothing."""
        _require_browser(asked)
        self._client(single(asked.query).get("client_id"))
        return Told({})

    def _assertion(self, asked: Asked) -> Told:
        """The token for the account that the person has chosen."""
        _require_browser(asked)
        params = single(asked.form)
        client, origin = self._client(params.get("client_id")), asked.headers.get("origin", "")
        if origin not in self._origins(client):
            raise Refused("unauthorized_client", f"{origin or 'nobody'} is not the client's", HTTPStatus.FORBIDDEN)
        open_to = _open_to(origin)
        session = self._interaction.session(asked)
        if session is None or params.get("account_id") != session.person:
            message = "this account has not signed in"
            raise Refused("access_denied", message, HTTPStatus.UNAUTHORIZED, open_to)
        request = AuthorizationRequest(
            client=client,
            redirect_uri="",
            response_type=frozenset({"id_token"}),
            response_mode="fragment",
            scope=SCOPE,
            nonce=_nonce(params),
        )
        self._ledger.consents.add(consent_to(request, session))
        return Told({"token": self._mint.id_token(Grant(request, session))}, headers=open_to)

    def _login(self, asked: Asked) -> Shown:
        """Where a browser sends a person whom it takes to be signed out, or who wants to be another."""
        issuer = self._mint.issuer
        if asked.method != "POST":
            return Shown("_provider-login", {"tx": "", "client": issuer, "hint": self._provider.person})
        said = single(asked.form)
        if "cancel" in said:
            raise Refused("access_denied", "the person did not sign in")
        session = self._ledger.sign_in(said.get("person") or self._provider.person)
        headers = self._interaction.remember(session, asked)
        return Shown("_provider-signed-in", {"person": session.person}, headers=headers)

    def _client(self, name: str | None) -> Client:
        client = self._provider.client(name or "")
        if client is None:
            raise Refused("invalid_request", f"there is no client {name or '(none)'}", HTTPStatus.BAD_REQUEST)
        return client

    def _origins(self, client: Client) -> set[str]:
        parts = (urlsplit(self._fill(uri)) for uri in client.redirect_uris)
        return {f"{part.scheme}://{part.netloc}" for part in parts}


def refused(error: Refused) -> Told:
    """The error as browsers read it."""
    return Told({"error": {"code": error.error}, "error_description": error.description}, error.status, error.headers)


def _require_browser(asked: Asked) -> None:
    """Only a browser itself can send this: no page may ask in its name."""
    if asked.headers.get("sec-fetch-dest") != "webidentity":
        raise Refused("invalid_request", "this is for browsers that mediate a sign-in", HTTPStatus.BAD_REQUEST)


def _open_to(origin: str) -> HeaderLines:
    return (("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"))


def _nonce(params: Mapping[str, str]) -> str | None:
    """What binds the token to the page's request: a parameter of its own at first, one of the page's since."""
    try:
        own = json.loads(params.get("params", "{}"))
    except ValueError as error:
        raise Refused("invalid_request", f"the parameter params is not JSON: {error}") from error
    found = own.get("nonce") if isinstance(own, dict) else None
    return params.get("nonce") or (str(found) if found is not None else None)
