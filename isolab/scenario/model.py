"""The scenario file's form, as pydantic models: what :mod:`isolab.scenario.schema` publishes.

The models are used twice: on the file as it is, where a placeholder may stand for most values, and on each case's
data with the placeholders filled in. A key's description is what editors show.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from isolab.scenario.case import EngineName, NotModified
from isolab.scenario.embeds import Embed
from isolab.scenario.provider import EndpointName
from isolab.scenario.provider_form import ProviderForm
from isolab.scenario.shapes import RELATED, UPSTREAM, host_form, require_host
from isolab.scenario.signin_form import ReturnsForm, SignInForm
from isolab.scenario.steps import TaggedStep
from isolab.scenario.strict import Strict
from isolab.scenario.values import (
    FILLABLE,
    MANY,
    ONE,
    BugLink,
    FrameworkName,
    HeaderLines,
    HeaderName,
    HeaderValue,
    HostName,
    LibraryName,
    Link,
    Name,
    PageName,
    PagePath,
    Parameter,
    Pattern,
    ScalarValue,
    Status,
    Timeout,
    UpstreamUrl,
    Versions,
    one_or_many,
)

Relation = Literal["same-origin", "same-site", "cross-site"]


class RelatedHost(Strict):
    """A host by its relation to another one."""

    relation: Annotated[Relation, *FILLABLE] = Field(description="same-origin, same-site or cross-site to that host")
    to: str | None = Field(None, description="the host it relates to; default: the first host")
    scheme: Annotated[Literal["https", "http"], *FILLABLE] | None = Field(
        None, description="https or http; default: that of the host it relates to"
    )


class UpstreamHost(Strict):
    """A host that a server of the user's own plays."""

    upstream: UpstreamUrl = Field(description="that server's address on this machine, like http://127.0.0.1:8000")
    origin: str | None = Field(None, description="the host's own name, like https://app.shop.example")
    relation: Annotated[Relation, *FILLABLE] | None = Field(
        None, description="instead of `origin`: same-origin, same-site or cross-site to another host"
    )
    to: str | None = Field(None, description="the host it relates to; default: the first host")
    scheme: Annotated[Literal["https", "http"], *FILLABLE] | None = Field(
        None, description="https or http; default: that of the host it relates to"
    )


HostText = Annotated[str, Field(description="same-origin, same-site, cross-site, or an origin like https://a.example")]
Host = Annotated[
    Annotated[None, Tag("\0null")]
    | Annotated[HostText, Tag("\0text")]
    | Annotated[RelatedHost, Tag(RELATED)]
    | Annotated[UpstreamHost, Tag(UPSTREAM)],
    Discriminator(host_form),
    BeforeValidator(require_host),
]


class Page(Strict):
    """One URL and the response that it gets."""

    host: str | None = Field(None, description="default: the host with the page's own name, else the first host")
    path: PagePath | None = Field(None, description='default: "/" and the page\'s name; unique per origin')
    fixture: str | None = Field(None, description="a page of the fixtures folder; default: page")
    with_: dict[str, ScalarValue] | None = Field(
        None, alias="with", description="what the page's scripts read as isolab.with"
    )
    html: str | None = Field(None, description="the page's HTML, instead of a fixture")
    redirect: PageName | None = Field(None, description="the page that the response redirects to, instead of a body")
    keep_query: Annotated[bool, *FILLABLE] = Field(
        default=False, description="true: the redirect takes the request's query along"
    )
    endpoint: Annotated[EndpointName, *FILLABLE] | None = Field(
        None, description="what the sign-in provider answers here, instead of a fixture"
    )
    next: PageName | None = Field(None, description="the page through which the endpoint sends a window on")
    signin: SignInForm | None = Field(None, description="a page with a button #sign-in, instead of a fixture")
    returns: ReturnsForm | None = Field(
        None, description="the page that the answer of a sign-in comes to, instead of a fixture"
    )
    library: LibraryName | None = Field(None, description="a file of a published library, instead of a fixture")
    status: Status | None = Field(None, description="default: 200, for redirects 302")
    framework: FrameworkName | None = Field(
        None, description="a web framework whose default headers are sent, but for those that the page names itself"
    )
    coop: HeaderValue | None = Field(None, description="Cross-Origin-Opener-Policy; null: not sent")
    coep: HeaderValue | None = Field(None, description="Cross-Origin-Embedder-Policy; null: not sent")
    corp: HeaderValue | None = Field(None, description="Cross-Origin-Resource-Policy; null: not sent")
    headers: dict[HeaderName, HeaderLines] | None = Field(
        None, description="name -> value, list of values (one line each) or null (not sent)"
    )
    not_modified: Annotated[NotModified, *FILLABLE] | None = Field(
        None,
        description="what a 304 says to whom has the copy that its ETag names; default: repeat, all of its headers",
    )
    quiet: bool = Field(
        default=False,
        description="true: isolab's script leaves other windows alone; what it does there would be reported as well",
    )
    embed: dict[Name, Embed] | None = Field(None, description="what the fixture page loads into itself, by name")


When = dict[str, Pattern]


class Block(BaseModel):
    """Expectations that hold together: a fact's name to its value; `when` says for which cases and engines."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, ScalarValue]

    when: When | None = Field(None, description="parameter (or engine) -> value or list of values")


Expect = Annotated[Annotated[Block, Tag(ONE)] | Annotated[list[Block], Tag(MANY)], Discriminator(one_or_many)]


class Difference(Strict):
    """A known difference of an engine from the standard."""

    engine: EngineName = Field(description="the engine that differs")
    versions: Versions = Field("", description='a PEP 440 specifier set like ">=79,<200"; default: all')
    when: When | None = Field(None, description="parameter -> value or list of values; default: all cases")
    observed: dict[str, ScalarValue] = Field(min_length=1, description="fact -> what that engine shows instead")
    bug: BugLink = Field(description="the bug's https URL")
    note: str = Field("", description="what the engine does, in a few words")


class ScenarioFile(Strict):
    """A scenario: pages with their headers, what is done with them, and what must come of it."""

    title: str = Field(min_length=1, description="what the scenario shows, in one sentence")
    about: str | None = Field(None, description="prose")
    tags: list[str] = Field([], description="words to select scenarios by")
    links: list[Link] = Field([], description="reports that it reproduces, sections of the standard")
    hosts: dict[HostName, Host] | None = Field(
        None,
        description="name -> null (https://NAME.example), relation to the first host, origin, or `upstream:` a server "
        "of your own; default {app: null}",
    )
    pages: dict[Name, Page] = Field(min_length=1, description="the URLs of the scenario, by name")
    provider: ProviderForm | None = Field(
        None, description="a sign-in provider (OAuth 2.0, OpenID Connect); its endpoints are pages"
    )
    matrix: dict[Parameter, Annotated[list[ScalarValue], Field(min_length=1)]] = Field(
        {}, description="parameter -> values; every combination is a case; used as ${{ parameter }}"
    )
    exclude: list[When] = Field([], description="combinations of the matrix that are left out")
    flow: list[TaggedStep] = Field(min_length=1, description="what happens, in order")
    expect: Expect = Field(description="what must come of it; of several blocks the last one that matches wins")
    differences: list[Difference] = Field([], description="known differences of engines from the standard")
    skip: dict[EngineName, Annotated[str, Field(min_length=1)]] = Field({}, description="engine -> why not there")
    timeout: Timeout = Field(30.0, description="the deadline of the whole case, in seconds (more than 0, at most 600)")

    @property
    def blocks(self) -> list[Block]:
        """The expectations as a list, whichever way they were written."""
        return self.expect if isinstance(self.expect, list) else [self.expect]
