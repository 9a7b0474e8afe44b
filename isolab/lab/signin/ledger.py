"""What a provider remembers while a case plays: sign-ins on their way, sessions, codes, tokens. Nothing else does."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from isolab.lab.signin.request import AuthorizationRequest

T = TypeVar("T")

CODE_S = 60
"""A code's life, in seconds (RFC 6749, 4.1.2: ten minutes at most)."""

TOKEN_S = 3600
"""An access token's and an ID Token's life, in seconds."""


@dataclass(frozen=True, slots=True)
class Session:
    """A person who has signed in; `name` is what their browser remembers, `at` is when, in seconds since 1970."""

    name: str
    person: str
    at: int


@dataclass(slots=True)
class Transaction:
    """A sign-in on its way: `session` once the person is known, `allowed` once they have said yes or no."""

    request: AuthorizationRequest
    session: Session | None = None
    allowed: bool | None = None


@dataclass(slots=True)
class Grant:
    """What a person has granted; `tokens` came of it, and end with it."""

    request: AuthorizationRequest
    session: Session
    tokens: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Code:
    """An authorization code, good for one exchange until `ends` (seconds since 1970)."""

    grant: Grant
    ends: int
    used: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """An access token's grant and its end, in seconds since 1970."""

    grant: Grant
    ends: int


class Ledger:
    """`now` gives seconds since 1970. `spent` has the refresh tokens that have been used."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self.transactions: dict[str, Transaction] = {}
        self.sessions: dict[str, Session] = {}
        self.codes: dict[str, Code] = {}
        self.accesses: dict[str, Access] = {}
        self.refreshes: dict[str, Grant] = {}
        self.spent: dict[str, Grant] = {}
        self.consents: set[tuple[str, str, str]] = set()

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self._now())

    def begin(self, request: AuthorizationRequest) -> str:
        """A sign-in begins; gives the name under which its pages know it."""
        return _enter(self.transactions, Transaction(request))

    def sign_in(self, person: str) -> Session:
        """A person has signed in."""
        session = Session(secrets.token_urlsafe(24), person, self.now())
        self.sessions[session.name] = session
        return session

    def code(self, grant: Grant) -> str:
        """A code for what was granted."""
        return _enter(self.codes, Code(grant, self.now() + CODE_S))

    def access(self, grant: Grant) -> str:
        """An access token for what was granted."""
        token = _enter(self.accesses, Access(grant, self.now() + TOKEN_S))
        grant.tokens.append(token)
        return token

    def refresh(self, grant: Grant) -> str:
        """A refresh token for what was granted."""
        token = _enter(self.refreshes, grant)
        grant.tokens.append(token)
        return token

    def revoke(self, grant: Grant) -> None:
        """End every token that came of a grant."""
        for token in grant.tokens:
            self.accesses.pop(token, None)
            self.refreshes.pop(token, None)
        grant.tokens.clear()


def _enter(book: dict[str, T], entry: T) -> str:
    name = secrets.token_urlsafe(24)
    book[name] = entry
    return name
