"""A case: one scenario with every matrix value filled in, ready to be served, flown and judged.

Plain frozen data, made by :mod:`isolab.scenario.expand` and read by the lab, the runner and the judge.
The words are those of the HTML Standard: *origin*, *opener*, *browsing context group*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from isolab.policy.terms import Origin
from isolab.scenario.provider import EndpointName, Provider

Scalar = str | int | float | bool | None
EmbedKind = Literal["iframe", "image", "script", "style", "worker", "fetch"]
OpenBy = Literal["window.open", "link", "self"]
NavigateBy = Literal["location", "replace", "link", "opener", "address-bar"]
CloseBy = Literal["user", "self", "opener"]
NotModified = Literal["bare", "repeat"]
EngineName = Literal["chromium", "firefox", "webkit"]
ENGINE_NAMES: tuple[EngineName, ...] = ("chromium", "firefox", "webkit")


@dataclass(frozen=True, slots=True)
class Source:
    """A scenario file's path, as the user named it, and its text: what an excerpt is cut from."""

    path: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a :class:`Source`: line and column count from 1; `end_column` is one past the last character."""

    line: int
    column: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Fixture:
    """A file of `fixtures/` by name (without its ending) and the options that it reads as `isolab.with`."""

    name: str
    options: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Html:
    """HTML written in the scenario file and the options that its scripts read as `isolab.with`.

    `${{ url.PAGE }}` and `${{ origin.HOST }}` are filled in when served.
    """

    text: str
    options: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Redirect:
    """An empty response with a Location: `to` is a page's name; `keep_query`: the request's query goes along."""

    to: str
    keep_query: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the case's sign-in provider answers; `next` is a page through which it sends windows on, if any."""

    name: EndpointName
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A file of a published library, by its name in `libraries.toml`."""

    library: str


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What the user's own server behind the host answers; `without`: its headers (small letters) that are taken out."""

    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Upstream:
    """A server of the user's own that answers for an origin.

    `url` is its base, `http://127.0.0.1:8000`; `host` the name in the file, `span` the place of the address there;
    `without` has the names (in small letters) of the headers that are taken out of everything that it sends, as
    controls do.
    """

    url: str
    host: str
    span: Span
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Embed:
    """Something a page loads into itself; `name` is how expectations call it, `page` what is loaded."""

    name: str
    kind: EmbedKind
    page: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One URL of the scenario and the response that it gets; `headers` in the order sent, repeats allowed.

    `quiet`: its probe leaves other windows alone. `not_modified`: the headers of a 304, all of the page's or only those
    that RFC 9110 demands.
    """

    name: str
    origin: Origin
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: Fixture | Html | Redirect | Endpoint | Published | Forwarded
    embeds: tuple[Embed, ...] = ()
    quiet: bool = False
    not_modified: NotModified = "repeat"

    @property
    def url(self) -> str:
        """The URL as the scenario's reader knows it (the lab serves it under a labelled host)."""
        return f"{self.origin}{self.path}"

    def header(self, name: str) -> str | None:
        """The field's value, repeated lines joined with `, ` as HTTP does, or None where it is not sent."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Open:
    """A person opens a new top-level window at a page."""

    window: str
    page: str
    span: Span


@dataclass(frozen=True, slots=True)
class Popup:
    """The document in window `opener` opens a new window at a page, without a click.

    `by` self: a script of its own does, when it likes, and only says so; else it is told to.
    `frame` has the names of the frames on the way from the window's document to the one that opens, none for itself.
    """

    window: str
    page: str
    opener: str
    by: OpenBy
    target: str
    features: str
    rel: str
    span: Span
    frame: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Click:
    """A real click of the driver; `opens` names the window that it opens, `loads` the page that then shows.

    With `loads` but no `opens` the click navigates `window` itself. `frame` has the names of the frames on the way from
    the window's document to the one that is clicked in, none for itself.
    """

    window: str
    selector: str
    opens: str | None
    loads: str | None
    span: Span
    frame: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Navigate:
    """A window goes to another page: by its own script, by its opener's handle, or by the address bar."""

    window: str
    page: str
    by: NavigateBy
    span: Span


@dataclass(frozen=True, slots=True)
class Close:
    """A window is closed: by the person at the screen, by its own script, or through its opener's handle."""

    window: str
    by: CloseBy
    span: Span


@dataclass(frozen=True, slots=True)
class Wait:
    """Until the window shows `page`, or its page has said `says` (isolab.say), or it is closed (exactly one).

    `frame` has the names of the frames on the way from the window's document to the one that is to say it.
    """

    window: str
    page: str | None
    says: str | None
    closed: bool
    span: Span
    frame: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choose:
    """A person picks an account in the browser's own sign-in dialog over a window, or closes that (None)."""

    window: str
    account: str | None
    span: Span


Step = Open | Popup | Click | Navigate | Close | Wait | Choose


@dataclass(frozen=True, slots=True)
class Difference:
    """A known difference of an engine from the standard; `versions` is a PEP 440 specifier set, "" for all."""

    engine: EngineName
    versions: str
    observed: Scalar
    bug: str
    note: str
    span: Span


def same(a: object, b: object) -> bool:
    """Equality that keeps true and 1 apart."""
    return isinstance(a, bool) == isinstance(b, bool) and a == b


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation: `fact` of `subject` is `expected`; `span` is the value's place in the scenario file.

    `subject` is a window (`popup`) or something embedded in its page (`app.logo`).
    `expected` is already the value for each engine; an engine that is not in `engines` is not checked.
    """

    subject: str
    fact: str
    expected: Scalar
    span: Span
    engines: tuple[EngineName, ...] = ENGINE_NAMES
    differences: tuple[Difference, ...] = ()

    @property
    def what(self) -> str:
        """The name in files and reports: `popup.opener`; an embed's `load` is the embed's own name: `app.logo`."""
        return self.subject if self.fact == "load" else f"{self.subject}.{self.fact}"

    def allows(self, value: object, engine: EngineName) -> bool:
        """Whether the value is the one that is expected, or the one that is known of this engine."""
        known = (d.observed for d in self.differences if d.engine == engine)
        return any(same(value, one) for one in (self.expected, *known))


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario with its matrix values filled in.

    `id` is `signin/popup-postmessage[app.coop=same-origin]`; `skip` maps an engine to the reason why not there.
    `timeout_s` is the deadline of the whole case, in seconds. `control`: it only shows what engines do without the
    headers that a case is about; its pages may do more, and say less, than the flow tells.
    """

    id: str
    source: Source = field(repr=False)
    title: str
    params: Mapping[str, Scalar]
    hosts: Mapping[str, Origin]
    pages: Mapping[str, Page]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    timeout_s: float = 30.0
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    skip: Mapping[str, str] = field(default_factory=dict)
    provider: Provider | None = None
    upstreams: Mapping[Origin, Upstream] = field(default_factory=dict)
    control: bool = False

    @property
    def scenario(self) -> str:
        """The scenario file's path."""
        return self.source.path

    def window_checks(self, window: str) -> tuple[Check, ...]:
        """The checks about a window or anything embedded in its page."""
        return tuple(c for c in self.checks if c.subject.split(".")[0] == window)
