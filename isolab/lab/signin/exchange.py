"""The token endpoint: a code or a refresh token for tokens (RFC 6749, 4.1.3 and 6; RFC 7636, 4.6)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote_plus

from isolab.lab.signin.ledger import Code, Grant, Ledger
from isolab.lab.signin.message import Asked, Refused, Told, single
from isolab.lab.signin.tokens import Mint
from isolab.scenario.provider import Client, Provider

UNCACHED = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
"""RFC 6749, 5.1."""


class TokenEndpoint:
    """Gives tokens to clients that have what it takes."""

    def __init__(self, provider: Provider, ledger: Ledger, mint: Mint) -> None:
        self._provider = provider
        self._ledger = ledger
        self._mint = mint

    def answer(self, asked: Asked) -> Told:
        """The token response. Raises Refused."""
        if asked.method != "POST":
            allow = (("Allow", "POST"),)
            raise Refused("invalid_request", "the token endpoint takes POST", HTTPStatus.METHOD_NOT_ALLOWED, allow)
        params = single(asked.form)
        client = self._client(asked, params)
        match params.get("grant_type"):
            case "authorization_code":
                grant = self._exchanged(params, client)
            case "refresh_token":
                grant = self._refreshed(params, client)
            case None:
                raise Refused("invalid_request", "the parameter grant_type is missing")
            case other:
                raise Refused("unsupported_grant_type", f"there is no grant_type {other}")
        return Told(self._mint.response(grant), headers=UNCACHED)

    def _client(self, asked: Asked, params: Mapping[str, str]) -> Client:
        """Who asks (RFC 6749, 2.3.1 and 3.2.1). Raises Refused with `invalid_client`, or for two ways of saying so."""
        scheme, _, credentials = asked.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            name, secret = _basic(credentials)
            if "client_secret" in params or params.get("client_id", name) != name:
                # RFC 6749, 5.2: more than one mechanism.
                raise Refused(
                    "invalid_request", "the client says who it is in the header and, in another way, in the form"
                )
        else:
            name, secret = params.get("client_id", ""), params.get("client_secret")
        client = self._provider.client(name)
        if client is None:
            raise _invalid_client(f"there is no client {name!r}", scheme)
        if client.secret is not None and not hmac.compare_digest(client.secret.encode(), (secret or "").encode()):
            raise _invalid_client("the client's secret is another one", scheme)
        return client

    def _exchanged(self, params: Mapping[str, str], client: Client) -> Grant:
        if "code" not in params:
            raise Refused("invalid_request", "the parameter code is missing")
        code = self._ledger.codes.get(params["code"])
        if code is None or code.grant.request.client is not client:
            raise _invalid_grant("there is no such code for this client")
        if code.used:
            # Somebody else may have it: what came of it ends (RFC 6749, 4.1.2).
            self._ledger.revoke(code.grant)
            raise _invalid_grant("the code has been used before")
        code.used = True
        self._require_same(code, params)
        return code.grant

    def _require_same(self, code: Code, params: Mapping[str, str]) -> None:
        request = code.grant.request
        if self._ledger.now() >= code.ends:
            raise _invalid_grant("the code has expired")
        if params.get("redirect_uri") != request.redirect_uri:
            raise _invalid_grant("the redirect_uri is not that of the authorization request")
        verifier = params.get("code_verifier")
        if request.challenge is None:
            # RFC 9700, 2.1.1: a verifier without a challenge is a downgrade.
            if verifier is not None:
                raise _invalid_grant("there was no code_challenge for this code_verifier")
        elif verifier is None or _transformed(verifier, request.challenge_method) != request.challenge:
            raise _invalid_grant("the code_verifier does not fit the code_challenge")

    def _refreshed(self, params: Mapping[str, str], client: Client) -> Grant:
        """Each refresh token is good for one use; one that comes again ends its successor (RFC 9700, 4.14.2)."""
        if "refresh_token" not in params:
            raise Refused("invalid_request", "the parameter refresh_token is missing")
        token = params["refresh_token"]
        grant = self._ledger.refreshes.get(token)
        if grant is None or grant.request.client is not client:
            spent = self._ledger.spent.get(token)
            if spent is not None and spent.request.client is client:
                # Nobody knows which of the two that had it is the client.
                self._ledger.revoke(spent)
            raise _invalid_grant("there is no such refresh_token for this client")
        scope = params.get("scope", "").split()
        if set(scope) - set(grant.request.scope):
            raise Refused("invalid_scope", "more than was granted")
        self._ledger.revoke(grant)
        self._ledger.spent[token] = grant
        return grant


def _basic(credentials: str) -> tuple[str, str | None]:
    try:
        name, colon, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", None
    # Both are form-encoded before (RFC 6749, 2.3.1).
    return unquote_plus(name), unquote_plus(secret) if colon else None


def _transformed(verifier: str, method: str) -> str:
    if method == "plain":
        return verifier
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _invalid_client(description: str, scheme: str) -> Refused:
    asking = (("WWW-Authenticate", 'Basic realm="isolab"'),) if scheme.lower() == "basic" else ()
    return Refused("invalid_client", description, HTTPStatus.UNAUTHORIZED, asking)


def _invalid_grant(description: str) -> Refused:
    return Refused("invalid_grant", description)
