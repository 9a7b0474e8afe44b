"""What a person passes on the way: authorize, login, consent, finish (OpenID Connect Core, 3.1.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from isolab.lab.signin.ledger import Grant, Ledger, Session, Transaction
from isolab.lab.signin.message import Answer, Asked, HeaderLines, Refused, Sent, Shown, single
from isolab.lab.signin.request import AuthorizationRequest, ReturnAddress, read_request, return_address
from isolab.lab.signin.respond import granted, refused, respond
from isolab.lab.signin.tokens import Mint
from isolab.scenario.provider import EndpointName, Provider

COOKIE = "isolab-session"
TRANSACTION = "tx"
"""The parameter by which the pages of one sign-in know it."""


class Interaction:
    """The provider's windows. `fill` gives the real URL for one with placeholders."""

    def __init__(self, provider: Provider, issuer: str, ledger: Ledger, mint: Mint, fill: Callable[[str], str]) -> None:
        self._provider = provider
        self._issuer = issuer
        self._ledger = ledger
        self._mint = mint
        self._fill = fill
        self._standing = ledger.sign_in(provider.person) if provider.signed_in else None

    # --- the endpoints ------------------------------------------------------------------------------------------------

    def authorize(self, asked: Asked) -> Answer:
        """A sign-in begins. Raises Refused where only the person may be told."""
        name = dict(reversed(asked.params)).get("client_id", "")
        client = self._provider.client(name)
        uris = tuple(self._fill(uri) for uri in client.redirect_uris) if client else ()
        to = return_address(asked.params, client, uris)
        assert client is not None  # noqa: S101  return_address has refused it otherwise
        try:
            params = single(asked.params)
            request = replace(read_request(params, client, to), meant=self._meant(params))
            return self._begin(request, self.session(asked))
        except Refused as error:
            return respond(refused(error), to, self._issuer, self._provider.answer)

    def login(self, asked: Asked) -> Answer:
        """Ask who it is."""
        name, transaction = self._transaction(asked)
        if transaction.session is None:
            if asked.method != "POST":
                request = transaction.request
                hint = request.meant or request.login_hint or self._provider.person
                return self._shown("_provider-login", name, transaction, hint=hint)
            said = single(asked.form)
            if "cancel" in said:
                return self._end(name, transaction, Refused("access_denied", "the person did not sign in"))
            transaction.session = self._ledger.sign_in(said.get("person") or self._provider.person)
            if not _is_meant(transaction.request, transaction.session):
                answer = self._end(name, transaction, Refused("login_required", "somebody else has signed in"))
                return replace(answer, headers=(*answer.headers, *self.remember(transaction.session, asked)))
        return self._go_on(name, transaction, self.remember(transaction.session, asked))

    def consent(self, asked: Asked) -> Answer:
        """Ask whether the client may know."""
        name, transaction = self._transaction(asked)
        if transaction.session is not None and not transaction.allowed:
            if asked.method != "POST":
                scope = " ".join(transaction.request.scope)
                return self._shown("_provider-consent", name, transaction, scope=scope)
            if "allow" not in single(asked.form):
                return self._end(name, transaction, Refused("access_denied", "the person did not consent"))
            transaction.allowed = True
            self._ledger.consents.add(consent_to(transaction.request, transaction.session))
        return self._go_on(name, transaction)

    def finish(self, asked: Asked) -> Answer:
        """The answer to the client, once nobody has to be asked any more."""
        name, transaction = self._transaction(asked)
        if transaction.session is None or not transaction.allowed:
            return self._go_on(name, transaction)
        grant = Grant(transaction.request, transaction.session)
        answer = self._end(name, transaction, granted(grant, self._ledger, self._mint))
        return replace(answer, headers=(*answer.headers, *self.remember(transaction.session, asked)))

    def session(self, asked: Asked) -> Session | None:
        """Who the browser that asks has signed in as."""
        return self._ledger.sessions.get(asked.cookie(COOKIE) or "") or self._standing

    def sign_out(self, asked: Asked) -> HeaderLines:
        """End the session of the browser that asks."""
        self._ledger.sessions.pop(asked.cookie(COOKIE) or "", None)
        self._standing = None
        return (("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0"), *self._status("logged-out"))

    def remember(self, session: Session, asked: Asked) -> HeaderLines:
        """The cookie; other sites' frames get it where the browser lets them, as `prompt=none` needs it."""
        cross_site = "; Secure; SameSite=None" if asked.url.startswith("https:") else ""
        cookie = f"{COOKIE}={session.name}; Path=/; HttpOnly{cross_site}"
        return (("Set-Cookie", cookie), *self._status("logged-in"))

    def _status(self, status: str) -> HeaderLines:
        """What a browser that knows the provider is told of the person (Login Status API)."""
        return (("Set-Login", status),) if self._provider.fedcm else ()

    # --- from one to the next -----------------------------------------------------------------------------------------

    def _begin(self, request: AuthorizationRequest, session: Session | None) -> Answer:
        known = session if session and self._is_fresh(request, session) and _is_meant(request, session) else None
        agreed = known is not None and self._has_agreed(request, known)
        if "none" in request.prompt and not (known and agreed):
            # Nobody may be asked (Core, 3.1.2.6).
            error = "consent_required" if known else "login_required"
            raise Refused(error, "the person would have to be asked")
        name = self._ledger.begin(request)
        transaction = self._ledger.transactions[name]
        transaction.session, transaction.allowed = known, agreed
        return self._go_on(name, transaction)

    def _meant(self, params: Mapping[str, str]) -> str | None:
        """The person of the `id_token_hint`, whose token may be long expired (Core, 3.1.2.1). Raises Refused."""
        if "id_token_hint" not in params:
            return None
        try:
            return self._mint.person(params["id_token_hint"])
        except ValueError as error:
            raise Refused("invalid_request", f"the id_token_hint is none of ours: {error}") from error

    def _is_fresh(self, request: AuthorizationRequest, session: Session) -> bool:
        # No age at all is as good as prompt=login (Core, 3.1.2.1): clocks have whole seconds.
        if request.prompt & {"login", "select_account"} or request.max_age_s == 0:
            return False
        return request.max_age_s is None or self._ledger.now() - session.at <= request.max_age_s

    def _has_agreed(self, request: AuthorizationRequest, session: Session) -> bool:
        if "consent" in request.prompt:
            return False
        return self._provider.consented or consent_to(request, session) in self._ledger.consents

    def _go_on(self, name: str, transaction: Transaction, headers: HeaderLines = ()) -> Answer:
        """To the first page that still has something to ask."""
        step: EndpointName = "finish"
        if transaction.session is None:
            step = "login"
        elif not transaction.allowed:
            transaction.allowed = self._has_agreed(transaction.request, transaction.session)
            step = "finish" if transaction.allowed else "consent"
        page = self._provider.endpoints[step][0]
        return Sent(page=page, query=((TRANSACTION, name),), headers=headers)

    def _end(self, name: str, transaction: Transaction, outcome: Refused | Mapping[str, str]) -> Answer:
        del self._ledger.transactions[name]
        request = transaction.request
        to = ReturnAddress(request.redirect_uri, request.response_mode, request.state)
        params = refused(outcome) if isinstance(outcome, Refused) else outcome
        return respond(params, to, self._issuer, self._provider.answer)

    def _transaction(self, asked: Asked) -> tuple[str, Transaction]:
        """The sign-in that a request belongs to. Raises Refused where there is none."""
        name = dict([*asked.query, *asked.form]).get(TRANSACTION, "")
        transaction = self._ledger.transactions.get(name)
        if transaction is None:
            raise Refused("invalid_request", "there is no such sign-in, or it is over", HTTPStatus.BAD_REQUEST)
        return name, transaction

    @staticmethod
    def _shown(fixture: str, name: str, transaction: Transaction, **options: str) -> Shown:
        return Shown(fixture, {TRANSACTION: name, "client": transaction.request.client.name, **options})


def _is_meant(request: AuthorizationRequest, session: Session) -> bool:
    return request.meant in (None, session.person)


def consent_to(request: AuthorizationRequest, session: Session) -> tuple[str, str, str]:
    """What is remembered once a person has agreed to a request."""
    return request.client.name, session.person, " ".join(sorted(request.scope))
