"""What the provider is asked and what it answers, in its own terms: parameters in, a page, JSON or a redirect out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from isolab.scenario.case import Scalar

HeaderLines = tuple[tuple[str, str], ...]

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to an endpoint; `url` is its real one, header names are in small letters."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The parameters in the URL, in their order."""
        return tuple(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def form(self) -> tuple[tuple[str, str], ...]:
        """The parameters of a form's body; none where the body is of another type."""
        if self.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            return ()
        return tuple(parse_qsl(self.body, keep_blank_values=True))

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """Those of the form where there is one, else those of the URL."""
        return self.form if self.method == "POST" else self.query

    def cookie(self, name: str) -> str | None:
        """The value of a cookie."""
        try:
            found = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return None
        return found.value if found else None


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the provider: a fixture and what its script reads as `isolab.with`."""

    fixture: str
    options: Mapping[str, Scalar]
    status: int = HTTPStatus.OK
    headers: HeaderLines = ()


@dataclass(frozen=True, slots=True)
class Told:
    """JSON for a client; None is an empty body."""

    data: object
    status: int = HTTPStatus.OK
    headers: HeaderLines = ()
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Sent:
    """A redirect. To a page of the scenario (`page`), or to any URL where that is empty; `query` is added to it."""

    page: str = ""
    url: str = ""
    query: tuple[tuple[str, str], ...] = ()
    headers: HeaderLines = ()
    status: int = HTTPStatus.SEE_OTHER


Answer = Shown | Told | Sent


class Refused(Exception):  # noqa: N818  what the provider does
    """A request that the provider refuses with an error that a specification names.

    `status` is that of a response that says so by itself; `headers` go with it.
    """

    def __init__(
        self, error: str, description: str, status: int = HTTPStatus.BAD_REQUEST, headers: HeaderLines = ()
    ) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status
        self.headers = headers

    def told(self) -> Told:
        """As JSON (RFC 6749, 5.2)."""
        return Told({"error": self.error, "error_description": self.description}, self.status, self.headers)

    def shown(self) -> Shown:
        """As a page, where there is no client to be told (RFC 6749, 4.1.2.1)."""
        return Shown("_provider-error", {"error": self.error, "description": self.description}, self.status)


def single(params: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The parameters by name; empty ones count as left out (RFC 6749, 3.1).

    Raises Refused with `invalid_request` where one is there twice.
    """
    found: dict[str, str] = {}
    for name, value in params:
        if name in found:
            raise Refused("invalid_request", f"the parameter {name} is there twice")
        found[name] = value
    return {name: value for name, value in found.items() if value}


def with_query(url: str, query: tuple[tuple[str, str], ...]) -> str:
    """The URL with further parameters in its query."""
    parts = urlsplit(url)
    joined = "&".join(part for part in (parts.query, urlencode(query)) if part)
    return urlunsplit(parts._replace(query=joined))


def with_fragment(url: str, params: tuple[tuple[str, str], ...]) -> str:
    """The URL with the parameters as its fragment."""
    return urlunsplit(urlsplit(url)._replace(fragment=urlencode(params)))
