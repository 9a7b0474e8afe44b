"""The key with which a provider signs, and what it tells of it (RFC 7517)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cached_property

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"
"""The one that every OpenID provider has to support (Core, 15.1), and the only one that some clients accept."""

_BITS = 2048


class SigningKey:
    """An RSA key that is made when it is first needed: that takes a while. It is kept in memory only."""

    def __init__(self) -> None:
        self._making = asyncio.Lock()

    async def ready(self) -> None:
        """Make the key, if there is none yet, while others go on."""
        async with self._making:
            await asyncio.to_thread(lambda: self._key)

    @cached_property
    def _key(self) -> RSAKey:
        key: RSAKey = RSAKey.generate_key(_BITS, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        return key

    def sign(self, claims: Mapping[str, object]) -> str:
        """A JSON Web Token in compact form."""
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid, "typ": "JWT"}, dict(claims), self._key)

    def verified(self, token: str) -> Mapping[str, object]:
        """The claims of a token that this key has signed, expired or not. Raises ValueError for any other."""
        try:
            return jwt.decode(token, self._key, [ALGORITHM]).claims
        except JoseError as error:
            raise ValueError(str(error)) from error

    def public_set(self) -> dict[str, object]:
        """The JWK Set with the public key."""
        return {"keys": [self._key.as_dict(private=False)]}
