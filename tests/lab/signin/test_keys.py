from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from joserfc.jwk import RSAKey
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


def test_a_key_is_made_once_and_not_on_the_thread_that_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    makers: list[int] = []
    generate = RSAKey.generate_key

    def noted(*given: Any, **named: Any) -> RSAKey:
        makers.append(threading.get_ident())
        return generate(*given, **named)

    async def work() -> None:
        key = SigningKey()
        await asyncio.gather(key.ready(), key.ready())
        key.public_set()

    monkeypatch.setattr(RSAKey, "generate_key", noted)
    asyncio.run(work())
    (maker,) = makers
    assert maker != threading.get_ident()
