"""The authorization response: its parameters, and how the response mode carries them to the client."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from isolab.lab.signin.ledger import Grant, Ledger
from isolab.lab.signin.message import Answer, Refused, Sent, Shown, with_fragment, with_query
from isolab.lab.signin.request import ResponseMode, ReturnAddress
from isolab.lab.signin.tokens import Mint

Params = Mapping[str, str]


def granted(grant: Grant, ledger: Ledger, mint: Mint) -> Params:
    """What the response type asks for (Multiple Response Types, 5; OpenID Connect Core, 3.3.2.5)."""
    wanted = grant.request.response_type
    params: dict[str, str] = {}
    hashed: dict[str, str] = {}
    if "code" in wanted:
        params["code"] = hashed["c_hash"] = ledger.code(grant)
    if "token" in wanted:
        params |= {name: str(value) for name, value in mint.access(grant).items()}
        hashed["at_hash"] = params["access_token"]
    if "id_token" in wanted:
        params["id_token"] = mint.id_token(grant, **hashed)
    return params


def refused(error: Refused) -> Params:
    """The error response (RFC 6749, 4.1.2.1)."""
    return {"error": error.error, "error_description": error.description}


def respond(params: Params, to: ReturnAddress, issuer: str, instead: Mapping[str, str | None]) -> Answer:
    """Carry parameters to a client, with its `state` and the issuer (RFC 9207); `instead` replaces some of them."""
    told: dict[str, str | None] = {**params, **({"state": to.state} if to.state else {}), "iss": issuer, **instead}
    return _MODES[to.response_mode](to, {name: value for name, value in told.items() if value is not None})


def _query(to: ReturnAddress, params: Params) -> Answer:
    return Sent(url=with_query(to.redirect_uri, tuple(params.items())))


def _fragment(to: ReturnAddress, params: Params) -> Answer:
    return Sent(url=with_fragment(to.redirect_uri, tuple(params.items())))


def _form_post(to: ReturnAddress, params: Params) -> Answer:
    return Shown("_provider-form-post", {"action": to.redirect_uri, "params": json.dumps(params)})


def _web_message(to: ReturnAddress, params: Params) -> Answer:
    return _message(to, {"type": "authorization_response", "response": params})


def _okta_post_message(to: ReturnAddress, params: Params) -> Answer:
    return _message(to, params)


def _message(to: ReturnAddress, message: Mapping[str, object]) -> Answer:
    parts = urlsplit(to.redirect_uri)
    origin = f"{parts.scheme}://{parts.netloc}"
    return Shown("_provider-message", {"message": json.dumps(message), "origin": origin})


_MODES: Mapping[ResponseMode, Callable[[ReturnAddress, Params], Answer]] = {
    "query": _query,
    "fragment": _fragment,
    "form_post": _form_post,
    "web_message": _web_message,
    "okta_post_message": _okta_post_message,
}
