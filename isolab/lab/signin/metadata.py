"""What a provider tells about itself (OpenID Connect Discovery 1.0, 3; RFC 8414, 2)."""

from __future__ import annotations

from collections.abc import Callable

from isolab.lab.signin.keys import ALGORITHM
from isolab.lab.signin.request import CHALLENGE_METHODS, PROMPTS, RESPONSE_MODES, RESPONSE_TYPES, SCOPES
from isolab.scenario.provider import EndpointName


def metadata(issuer: str, address: Callable[[EndpointName], str]) -> dict[str, object]:
    """The configuration document; `address` gives an endpoint's real URL."""
    return {
        "issuer": issuer,
        "authorization_endpoint": address("authorize"),
        "token_endpoint": address("token"),
        "userinfo_endpoint": address("userinfo"),
        "jwks_uri": address("jwks"),
        "end_session_endpoint": address("end-session"),
        "scopes_supported": list(SCOPES),
        "response_types_supported": sorted(" ".join(sorted(words)) for words in RESPONSE_TYPES),
        "response_modes_supported": list(RESPONSE_MODES),
        "grant_types_supported": ["authorization_code", "implicit", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": list(CHALLENGE_METHODS),
        "prompt_values_supported": list(PROMPTS),
        "claims_supported": [
            *("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "c_hash"),
            *("name", "preferred_username", "email", "email_verified"),
        ],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
