"""A browser and a client for the provider of a scenario, without sockets: cookies kept, redirects followed."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from written_cases import only

from isolab.lab.signin.desk import Desk
from isolab.lab.signin.keys import SigningKey
from isolab.lab.signin.ledger import Ledger
from isolab.lab.signin.message import FORM, Answer, Asked, Sent, Shown, Told
from isolab.scenario.case import Case, Endpoint

ISSUER = "https://idp.example"
CALLBACK = "https://app.example/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def scenario(provider: str = "", pages: str = "") -> Case:
    """A scenario with a provider; `provider` and `pages` are further lines of YAML, `KEY: VALUE` each."""
    return only(f"""
    title: Sign-in
    hosts: {{app: null, idp: cross-site}}
    provider:
      clients:
        spa: {{redirect_uris: ["${{{{ url.callback }}}}"], logout_uris: ["${{{{ url.app }}}}"]}}
        server: {{redirect_uris: ["${{{{ url.callback }}}}", "https://other.example/cb?a=1"], secret: s3cret}}
      {provider}
    pages:
      app: {{}}
      callback: {{}}
      {pages}
    flow: [open: app]
    expect: {{app.url: app}}
    """)


@cache
def signing_key() -> SigningKey:
    """One for all tests: making it takes a while."""
    return SigningKey()


class World:
    """A provider and one browser; `now` is the provider's clock, in seconds since 1970."""

    def __init__(self, case: Case | None = None) -> None:
        self.case = case or scenario()
        self.now = 1_000_000_000.0
        self.ledger = Ledger(lambda: self.now)
        assert self.case.provider
        self.desk = Desk(self.case.provider, signing_key(), self._fill, self._address, self.ledger)
        self.cookies: dict[str, str] = {}
        self.passed: list[str] = []

    def _fill(self, text: str) -> str:
        origins = re.sub(r"\$\{\{ origin\.(\w+) \}\}", lambda m: str(self.case.hosts[m.group(1)]), text)
        return re.sub(r"\$\{\{ url\.(\w+) \}\}", lambda m: self.case.pages[m.group(1)].url, origins)

    def _address(self, page: str) -> str:
        return self.case.pages[page].url

    def ask(self, url: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """What one request to an endpoint is answered with."""
        method = "GET" if form is None else "POST"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            sent.setdefault("content-type", FORM)
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        parts = urlsplit(url)
        page = next(p for p in self.case.pages.values() if p.url == f"{parts.scheme}://{parts.netloc}{parts.path}")
        assert isinstance(page.body, Endpoint), page.name
        self.passed.append(page.name)
        answer = self.desk.answer(page.body, Asked(method, url, sent, urlencode(form or {})))
        for name, value in answer.headers:
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer

    def go(self, url: str, form: Mapping[str, str] | None = None) -> Answer:
        """The same, and on to where the provider's own redirects lead."""
        answer = self.ask(url, form)
        while isinstance(answer, Sent) and urlsplit(answer.url).netloc == "idp.example":
            answer = self.ask(answer.url)
        return answer

    # --- what a client does -------------------------------------------------------------------------------------------

    def authorize(self, **params: str | None) -> Answer:
        """The authorization request of the public client; a parameter of None is left out."""
        usual = {
            "client_id": "spa",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "state": "st4te",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        wanted = {name: value for name, value in {**usual, **params}.items() if value is not None}
        return self.go(f"{ISSUER}/authorize?{urlencode(wanted)}")

    def press(self, page: Answer, **form: str) -> Answer:
        """Send the form of a page that the provider shows."""
        assert isinstance(page, Shown), page
        where = {"_provider-login": "login", "_provider-consent": "consent"}[page.fixture]
        return self.go(f"{ISSUER}/{where}", {"tx": str(page.options["tx"]), **form})

    def sign_in(self, **params: str | None) -> dict[str, str]:
        """What the client is told once a person has signed in and agreed."""
        answer = self.authorize(**params)
        if isinstance(answer, Shown) and answer.fixture == "_provider-login":
            answer = self.press(answer, person="alice")
        if isinstance(answer, Shown) and answer.fixture == "_provider-consent":
            answer = self.press(answer, allow="yes")
        return told(answer)

    def exchange(self, *, basic: str | None = None, **params: str | None) -> Told:
        """The token request of the public client; a parameter of None is left out. `basic` goes into a header."""
        usual = {
            "grant_type": "authorization_code",
            "client_id": "spa",
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        form = {name: value for name, value in {**usual, **params}.items() if value is not None}
        headers = {"authorization": basic} if basic else {}
        answer = self.ask(f"{ISSUER}/token", form, **headers)
        assert isinstance(answer, Told)
        return answer


def told(answer: Answer) -> dict[str, str]:
    """The parameters that a redirect carries to the client."""
    assert isinstance(answer, Sent), answer
    assert answer.url.startswith((CALLBACK, "https://other.example/cb"))
    parts = urlsplit(answer.url)
    return dict(parse_qsl(parts.fragment or parts.query))


def data(answer: Told) -> dict[str, object]:
    """The JSON of an answer."""
    assert isinstance(answer.data, dict)
    return answer.data
