"""The authorization request: read, and refused with the error that the specifications name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from isolab.lab.signin.message import Refused
from isolab.scenario.provider import Client

ResponseMode = Literal["query", "fragment", "form_post", "web_message", "okta_post_message"]
RESPONSE_MODES: tuple[ResponseMode, ...] = get_args(ResponseMode)
"""OAuth 2.0 Multiple Response Types, Form Post Response Mode, OAuth 2.0 Web Message Response Mode (a draft), Okta's."""

RESPONSE_TYPES = tuple(
    frozenset(words.split())
    for words in (
        "code",
        "id_token",
        "token",
        "id_token token",
        "code id_token",
        "code token",
        "code id_token token",
    )
)
"""In any order of their words (RFC 6749, 3.1.1; Multiple Response Types, 3 and 5)."""

SCOPES = ("openid", "profile", "email", "offline_access")
CHALLENGE_METHODS = ("S256", "plain")
PROMPTS = ("none", "login", "consent", "select_account")

_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_UNSUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}
"""OpenID Connect Core, 3.1.2.6."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What a client asks for, checked. `scope` has only what this provider knows; `max_age_s` is in seconds.

    `meant` is the person of the ID Token that the client sent as a hint, None where it means nobody in particular.
    """

    client: Client
    redirect_uri: str
    response_type: frozenset[str]
    response_mode: ResponseMode
    scope: tuple[str, ...] = ()
    state: str | None = None
    nonce: str | None = None
    prompt: frozenset[str] = frozenset()
    max_age_s: int | None = None
    login_hint: str = ""
    meant: str | None = None
    challenge: str | None = None
    challenge_method: str = "plain"


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """Where an answer goes, as soon as that is known to be the client's own."""

    redirect_uri: str
    response_mode: ResponseMode
    state: str | None


def return_address(params: tuple[tuple[str, str], ...], client: Client | None, uris: tuple[str, ...]) -> ReturnAddress:
    """Where even an error may be sent. `uris` are the client's redirect URIs.

    Raises Refused where nobody may be told but the person (RFC 6749, 4.1.2.1).
    """
    first = dict(reversed(params))
    if client is None:
        raise Refused("invalid_request", f"there is no client {first.get('client_id', '')!r}")
    redirect_uri = first.get("redirect_uri", "")
    if redirect_uri not in uris:
        described = redirect_uri or "(none)"
        raise Refused("invalid_request", f"the redirect_uri {described} is not one of the client's")
    asked = frozenset(first.get("response_type", "").split())
    return ReturnAddress(redirect_uri, _mode(first.get("response_mode"), asked), first.get("state") or None)


def _mode(asked: str | None, response_type: frozenset[str]) -> ResponseMode:
    """The mode that is asked for, or that of the response type where there is no such mode."""
    if asked in RESPONSE_MODES:
        return asked
    return "fragment" if response_type & {"token", "id_token"} else "query"


def read_request(params: Mapping[str, str], client: Client, to: ReturnAddress) -> AuthorizationRequest:
    """The request itself; `params` has each parameter once. Raises Refused with what the client is to be told."""
    response_type = _response_type(params)
    _require_known_mode(params, response_type)
    for name, error in _UNSUPPORTED.items():
        if name in params:
            raise Refused(error, f"the parameter {name} is not supported")
    scope = tuple(word for word in params.get("scope", "").split() if word in SCOPES)
    _require_openid(scope, params, response_type)
    challenge, method = _challenge(params, client, response_type)
    return AuthorizationRequest(
        client=client,
        redirect_uri=to.redirect_uri,
        response_type=response_type,
        response_mode=to.response_mode,
        scope=scope,
        state=to.state,
        nonce=params.get("nonce"),
        prompt=_prompt(params),
        max_age_s=_max_age(params),
        login_hint=params.get("login_hint", ""),
        challenge=challenge,
        challenge_method=method,
    )


def _response_type(params: Mapping[str, str]) -> frozenset[str]:
    if "response_type" not in params:
        raise Refused("invalid_request", "the parameter response_type is missing")
    found = frozenset(params["response_type"].split())
    if found not in RESPONSE_TYPES:
        raise Refused("unsupported_response_type", f"there is no response_type {params['response_type']}")
    return found


def _require_known_mode(params: Mapping[str, str], response_type: frozenset[str]) -> None:
    mode = params.get("response_mode")
    if mode is not None and mode not in RESPONSE_MODES:
        raise Refused("invalid_request", f"there is no response_mode {mode}")
    if mode == "query" and response_type & {"token", "id_token"}:
        # Multiple Response Types, 3.0: a token must not be sent in a query.
        raise Refused("invalid_request", "response_mode query cannot carry tokens")


def _require_openid(scope: tuple[str, ...], params: Mapping[str, str], response_type: frozenset[str]) -> None:
    """An ID Token needs the scope and, where it comes by the front channel, a nonce (Core, 3.1.2.1 and 3.2.2.1)."""
    if "id_token" not in response_type:
        return
    if "openid" not in scope:
        raise Refused("invalid_scope", "an id_token needs the scope openid")
    if "nonce" not in params:
        raise Refused("invalid_request", "the parameter nonce is missing")


def _prompt(params: Mapping[str, str]) -> frozenset[str]:
    found = frozenset(params.get("prompt", "").split())
    if unknown := found - set(PROMPTS):
        raise Refused("invalid_request", f"there is no prompt {' '.join(sorted(unknown))}")
    if "none" in found and len(found) > 1:
        raise Refused("invalid_request", "prompt none stands for itself")
    return found


def _max_age(params: Mapping[str, str]) -> int | None:
    value = params.get("max_age")
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise Refused("invalid_request", f"max_age is no number of seconds: {value}")
    return int(value)


def _challenge(params: Mapping[str, str], client: Client, response_type: frozenset[str]) -> tuple[str | None, str]:
    """The PKCE challenge and its method (RFC 7636, 4.3 and 4.4.1); a public client has to send one for a code."""
    challenge, method = params.get("code_challenge"), params.get("code_challenge_method", "plain")
    if challenge is None:
        if "code" in response_type and client.secret is None:
            raise Refused("invalid_request", "code challenge required")
        return None, method
    if method not in CHALLENGE_METHODS:
        raise Refused("invalid_request", "transform algorithm not supported")
    if not _CHALLENGE.fullmatch(challenge):
        raise Refused("invalid_request", "the code_challenge is none")
    return challenge, method
