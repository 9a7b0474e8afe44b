"""The file's pages to what the lab serves: origin, path, status, headers in the order sent, body, embeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from isolab.policy.terms import Origin
from isolab.scenario import model
from isolab.scenario.case import Embed, Endpoint, Fixture, Forwarded, Html, Page, Published, Redirect
from isolab.scenario.embeds import kind_of
from isolab.scenario.facts import FACTS
from isolab.scenario.fixtures import Fixtures
from isolab.scenario.frameworks import frameworks
from isolab.scenario.model import ScenarioFile
from isolab.scenario.placeholders import OPEN
from isolab.scenario.positions import Path, Report
from isolab.scenario.provider import EndpointName
from isolab.scenario.references import page_host, require_host_name, require_page
from isolab.scenario.signin_plan import returns_page, signin_page
from isolab.scenario.wording import listing, plain, suggestion

_SUGAR = (
    ("coop", "Cross-Origin-Opener-Policy"),
    ("coep", "Cross-Origin-Embedder-Policy"),
    ("corp", "Cross-Origin-Resource-Policy"),
)
_BODIES = ("fixture", "html", "redirect", "endpoint", "signin", "returns", "library")
Body = Fixture | Html | Redirect | Endpoint | Published | Forwarded
_REDIRECT_STATUSES = (301, 302, 303, 307, 308)


def build_pages(
    file: ScenarioFile, origins: Mapping[str, Origin], fixtures: Fixtures, report: Report
) -> dict[str, Page]:
    """All pages whose host has an origin; every problem goes into the report."""
    pages: dict[str, Page] = {}
    by_url: dict[str, str] = {}
    for name, page in file.pages.items():
        built = _Builder(name, page, file, fixtures, report).page(origins)
        if built is None:
            continue
        _require_own_url(built, by_url, report)
        pages[name] = built
    return pages


def _require_own_url(page: Page, by_url: dict[str, str], report: Report) -> None:
    other = by_url.setdefault(page.url, page.name)
    if other != page.name:
        # An endpoint that the provider brings along is not in the file: the message stands at the page that is.
        own, other = (page.name, other) if ("pages", page.name) in report.document.keys else (other, page.name)
        message = f"page `{own}` has the same URL as page `{other}`: {page.url}"
        report.key("same-url", ("pages", own), message, "give one of them another `path` or `host`")


@dataclass(frozen=True)
class _Builder:
    name: str
    form: model.Page
    file: ScenarioFile
    fixtures: Fixtures
    report: Report

    def page(self, origins: Mapping[str, Origin]) -> Page | None:
        host = self._host()
        body = self._body()
        self._require_tag()
        embeds = tuple(self._embeds(body))
        if host not in origins:
            return None
        path = self.form.path or f"/{self.name}"
        headers = tuple(self._headers())
        return Page(
            self.name,
            origins[host],
            path,
            self._status(body),
            headers,
            body,
            embeds,
            quiet=self.form.quiet,
            not_modified=self.form.not_modified or "repeat",
        )

    def _path(self, *parts: str) -> Path:
        return ("pages", self.name, *parts)

    def _host(self) -> str:
        if self.form.host is not None:
            require_host_name(self.form.host, self._path("host"), self.file, self.report)
        return page_host(self.name, self.file)

    def _body(self) -> Body:
        self._require_one_body()
        if self.form.html is not None:
            return Html(self.form.html, dict(self.form.with_ or {}))
        if self.form.redirect is not None:
            require_page(self.form.redirect, self._path("redirect"), self.file, self.report)
            return Redirect(self.form.redirect, self.form.keep_query)
        return self._sign_in() or self._forwarded() or Fixture(self._fixture(), dict(self.form.with_ or {}))

    def _sign_in(self) -> Body | None:
        """What only sign-in has; None for a page that is nothing of it."""
        if self.form.endpoint is not None:
            return self._endpoint(self.form.endpoint)
        if self.form.library is not None:
            return Published(self.form.library)
        if self.form.signin is not None:
            return signin_page(self.name, self.form.signin, self.file, self.report)
        if self.form.returns is not None:
            return returns_page(self.name, self.form.returns, self.file, self.report)
        return None

    def _forwarded(self) -> Body | None:
        """What the user's own server answers, on a host that it plays; None for a page of the lab's own."""
        host = (self.file.hosts or {}).get(page_host(self.name, self.file))
        if not isinstance(host, model.UpstreamHost) or self.form.fixture is not None:
            return None
        for key in ("with", "embed", "status"):
            if getattr(self.form, "with_" if key == "with" else key):
                message = f"page `{self.name}` has `{key}`, but it is the upstream's: what that answers is all there is"
                hint = f"leave out `{key}`, or add `html` or `fixture` for a page that isolab serves instead"
                self.report.key("upstream-page", self._path(key), message, hint)
        return Forwarded(self._named_headers() | {name.lower() for name, _ in self._headers()})

    def _named_headers(self) -> frozenset[str]:
        """The headers (in small letters) that the page has in the file, those included that are null."""
        sugar = (name for key, name in _SUGAR if key in self.form.model_fields_set)
        return frozenset(name.lower() for name in (*sugar, *(self.form.headers or {})))

    def _require_one_body(self) -> None:
        given = [key for key in _BODIES if getattr(self.form, key) is not None]
        for extra in given[1:]:
            message = f"page `{self.name}` has both `{given[0]}` and `{extra}`"
            self.report.key("two-bodies", self._path(extra), message, f"a page has one of: {listing(_BODIES)}")
        body = next((key for key in given if key != "fixture"), None)
        if body and self.form.embed:
            self._note_beside("embed", "a fixture", body)
        if body not in ("html", None) and self.form.with_:
            self._note_beside("with", "a fixture or `html`", body)
        for key, needed in (("keep_query", "redirect"), ("next", "endpoint")):
            if getattr(self.form, key) and body != needed:
                self._note_alone(key, needed)
        if body == "endpoint" and self.form.status is not None:
            message = f"page `{self.name}` has a `status`, which its endpoint decides"
            self.report.key("needs-fixture", self._path("status"), message, "leave out `status`")

    def _require_tag(self) -> None:
        if self.form.not_modified and "etag" not in map(str.lower, self.form.headers or {}):
            message = f"page `{self.name}` has `not_modified`, which needs an `ETag`"
            hint = "add one to its `headers`, or leave it out"
            self.report.key("needs-etag", self._path("not_modified"), message, hint)

    def _note_alone(self, key: str, needed: str) -> None:
        message = f"page `{self.name}` has `{key}`, which needs `{needed}`"
        self.report.key(f"needs-{needed}", self._path(key), message, f"add `{needed}:`, or leave out `{key}`")

    def _note_beside(self, key: str, needed: str, body: str) -> None:
        message = f"page `{self.name}` has `{key}`, which needs {needed}, beside `{body}`"
        self.report.key("needs-fixture", self._path(key), message, f"leave out `{body}` or `{key}`")

    def _endpoint(self, name: EndpointName) -> Endpoint:
        if self.form.next is not None:
            require_page(self.form.next, self._path("next"), self.file, self.report)
        return Endpoint(name, self.form.next)

    def _fixture(self) -> str:
        name = self.form.fixture or "page"
        names = self.fixtures.names
        if name not in names and OPEN not in name:
            known = sorted(set(names.values()))
            hint = suggestion(name, known, f"the fixtures are: {listing(known)}")
            path = self._path("fixture") if self.form.fixture else self._path()
            self.report.value("unknown-fixture", path, f"there is no fixture `{name}`", hint)
        return names.get(name, name)

    def _status(self, body: Body) -> int:
        if not isinstance(body, Redirect):
            return self.form.status or 200
        status = self.form.status or 302
        if status not in _REDIRECT_STATUSES and OPEN not in str(status):
            hint = f"a redirect has one of: {listing(map(str, _REDIRECT_STATUSES))}"
            self.report.value("status", self._path("status"), f"the status {status} does not redirect", hint)
        return status

    def _headers(self) -> Iterator[tuple[str, str]]:
        for key, name in _SUGAR:
            value = getattr(self.form, key)
            if value is not None:
                yield name, value
        for name, lines in (self.form.headers or {}).items():
            for line in lines if isinstance(lines, list) else [lines]:
                if line is not None:
                    yield name, line
        framework = frameworks().get(self.form.framework or "")
        if framework is not None:
            named = self._named_headers()
            yield from ((name, value) for name, value in framework.headers.items() if name.lower() not in named)

    def _embeds(self, body: Body) -> Iterator[Embed]:
        for name, form in (self.form.embed or {}).items():
            path = self._path("embed", name)
            if name in FACTS or name == "says":
                message = f"an embed cannot be called `{name}`: expectations know a fact of that name"
                self.report.key("name", path, message, "give it another name")
            values = form.model_dump()
            kind = kind_of(form)
            page = values.pop(kind)
            require_page(page, (*path, kind), self.file, self.report)
            if isinstance(body, Fixture):
                yield Embed(name, kind, page, _attributes(values))


def _attributes(values: Mapping[str, str | bool | None]) -> tuple[tuple[str, str], ...]:
    """As HTML has them: `true` is a boolean attribute that is there, `false` and null are ones that are not."""
    present = (
        (key, "" if value is True else plain(value)) for key, value in values.items() if value not in {None, False}
    )
    return tuple(present)
