from __future__ import annotations

import asyncio

import pytest
from signing_in import signing_key

from isolab.lab.signin.keys import SigningKey


def test_what_is_published_is_not_the_private_key() -> None:
    keys = signing_key().public_set()["keys"]
    assert isinstance(keys, list)
    (key,) = keys
    assert {name: key[name] for name in ("kty", "alg", "use")} == {"kty": "RSA", "alg": "RS256", "use": "sig"}
    assert set(key) == {"kty", "alg", "use", "kid", "n", "e"}


def test_only_what_the_key_has_signed_is_verified() -> None:
    token = signing_key().sign({"sub": "alice", "exp": 1})
    assert signing_key().verified(token) == {"sub": "alice", "exp": 1}
    for wrong in (token[:-4] + "AAAA", "", "a.b.c", "ü"):
        with pytest.raises(ValueError, match=r"\w"):
            signing_key().verified(wrong)


def test_a_key_is_made_once() -> None:
    async def work() -> object:
        key = SigningKey()
        await asyncio.gather(key.ready(), key.ready())
        return key.public_set() == key.public_set()

    assert asyncio.run(work())
