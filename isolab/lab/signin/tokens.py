"""What a client gets for a grant: ID Tokens (OpenID Connect Core, 2) and the token response (RFC 6749, 5.1)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from isolab.lab.signin.keys import SigningKey
from isolab.lab.signin.ledger import TOKEN_S, Grant, Ledger


def person_claims(person: str, scope: tuple[str, ...]) -> dict[str, object]:
    """What the scopes tell of a person (Core, 5.4); `sub` always."""
    claims: dict[str, object] = {"sub": person}
    if "profile" in scope:
        claims |= {"name": person.capitalize(), "preferred_username": person}
    if "email" in scope:
        claims |= {"email": f"{person}@people.example", "email_verified": True}
    return claims


class Mint:
    """Makes the tokens of one provider. `issuer` is its real one."""

    def __init__(self, issuer: str, key: SigningKey, ledger: Ledger) -> None:
        self.issuer = issuer
        self._key = key
        self._ledger = ledger

    def id_token(self, grant: Grant, **hashed: str) -> str:
        """An ID Token; `at_hash` and `c_hash` are given as what is to be hashed."""
        request, now = grant.request, self._ledger.now()
        claims = {
            **person_claims(grant.session.person, request.scope),
            "iss": self.issuer,
            "aud": request.client.name,
            "iat": now,
            "exp": now + TOKEN_S,
            "auth_time": grant.session.at,
            **({"nonce": request.nonce} if request.nonce else {}),
            **{name: _half_hash(value) for name, value in hashed.items()},
        }
        return self._key.sign(claims)

    def person(self, id_token: str) -> str:
        """Whom an ID Token of this provider is about, expired or not. Raises ValueError for any other token."""
        return str(self._key.verified(id_token)["sub"])

    def access(self, grant: Grant) -> dict[str, object]:
        """A new access token and what is told with it."""
        return {
            "access_token": self._ledger.access(grant),
            "token_type": "Bearer",
            "expires_in": TOKEN_S,
            "scope": " ".join(grant.request.scope),
        }

    def response(self, grant: Grant) -> Mapping[str, object]:
        """The token response: with an ID Token and a refresh token where the scope asks for them."""
        told = self.access(grant)
        if "openid" in grant.request.scope:
            told["id_token"] = self.id_token(grant, at_hash=str(told["access_token"]))
        if "offline_access" in grant.request.scope:
            told["refresh_token"] = self._ledger.refresh(grant)
        return told


def _half_hash(value: str) -> str:
    """The left half of the SHA-256 (Core, 3.1.3.6: RS256 says which hash)."""
    digest = hashlib.sha256(value.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")
