"""The provider of one case: every request to one of its endpoints comes here, and goes to the module for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from isolab.lab.signin import fedcm
from isolab.lab.signin.exchange import TokenEndpoint
from isolab.lab.signin.interaction import Interaction
from isolab.lab.signin.keys import SigningKey
from isolab.lab.signin.ledger import Ledger
from isolab.lab.signin.logout import Logout
from isolab.lab.signin.message import Answer, Asked, Refused, Sent, Told, with_query
from isolab.lab.signin.metadata import metadata
from isolab.lab.signin.tokens import Mint
from isolab.lab.signin.userinfo import userinfo
from isolab.scenario.case import Endpoint
from isolab.scenario.provider import FEDCM, EndpointName, Provider

FETCHED: tuple[EndpointName, ...] = ("discovery", "jwks", "token", "userinfo")
"""What the scripts of a client's pages ask for, from its own origin."""

MEDIATED: tuple[EndpointName, ...] = tuple(name for name in FEDCM if name != "fedcm-login")
"""What a browser asks for by itself."""

_OPEN_TO_SCRIPTS = (("Access-Control-Allow-Origin", "*"),)
_PREFLIGHT = (
    *_OPEN_TO_SCRIPTS,
    ("Access-Control-Allow-Methods", "GET, POST"),
    ("Access-Control-Allow-Headers", "*, Authorization"),
)


class Desk:
    """`fill` gives the real text for one with placeholders, `address` a page's real URL."""

    def __init__(
        self,
        provider: Provider,
        key: SigningKey,
        fill: Callable[[str], str],
        address: Callable[[str], str],
        ledger: Ledger | None = None,
    ) -> None:
        self._provider = provider
        self._key = key
        self._address = address
        self._issuer = fill(provider.issuer)
        self._ledger = ledger or Ledger()
        mint = Mint(self._issuer, key, self._ledger)
        interaction = Interaction(provider, self._issuer, self._ledger, mint, fill)
        self._mediation = fedcm.Mediation(provider, interaction, self._ledger, mint, fill)
        self._endpoints: Mapping[EndpointName, Callable[[Asked], Answer]] = {
            "discovery": lambda _: Told(metadata(self._issuer, self._endpoint)),
            "jwks": lambda _: Told(key.public_set(), content_type="application/jwk-set+json"),
            "authorize": interaction.authorize,
            "login": interaction.login,
            "consent": interaction.consent,
            "finish": interaction.finish,
            "token": TokenEndpoint(provider, self._ledger, mint).answer,
            "userinfo": lambda asked: userinfo(asked, self._ledger),
            "end-session": Logout(provider, key, interaction, fill).answer,
            **self._mediation.endpoints(self._endpoint),
        }

    def answer(self, endpoint: Endpoint, asked: Asked) -> Answer:
        """What a request is answered with; a redirect has its real URL."""
        if endpoint.name in FETCHED:
            return self._fetched(endpoint, asked)
        try:
            answer = self._endpoints[endpoint.name](asked)
        except Refused as error:
            return fedcm.refused(error) if endpoint.name in MEDIATED else error.shown()
        return self._sent(answer, endpoint) if isinstance(answer, Sent) else answer

    def web_identity(self) -> dict[str, object]:
        """What browsers find that look the provider up."""
        return self._mediation.web_identity(self._endpoint)

    def _fetched(self, endpoint: Endpoint, asked: Asked) -> Told:
        if asked.method == "OPTIONS":
            return Told(None, HTTPStatus.NO_CONTENT, _PREFLIGHT)
        try:
            answer = self._endpoints[endpoint.name](asked)
        except Refused as error:
            answer = error.told()
        assert isinstance(answer, Told)  # noqa: S101  what is fetched is never a page
        return replace(answer, headers=(*answer.headers, *_OPEN_TO_SCRIPTS))

    def _sent(self, answer: Sent, endpoint: Endpoint) -> Sent:
        """With the real URL: that of the page that the scenario has in between, where it has one."""
        url = self._address(endpoint.next or answer.page) if answer.page else answer.url
        return replace(answer, url=with_query(url, answer.query) if answer.query else url)

    def _endpoint(self, name: EndpointName) -> str:
        return self._address(self._provider.endpoints[name][0])
