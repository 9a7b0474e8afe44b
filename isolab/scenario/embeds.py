"""What a page can load into itself: one model for each kind, with the attributes of HTML and the options of Fetch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from isolab.scenario.case import EmbedKind
from isolab.scenario.shapes import embed_kind, require_embed
from isolab.scenario.strict import Strict
from isolab.scenario.values import FILLABLE, PageName

_CORS = Annotated[Literal["anonymous", "use-credentials"], *FILLABLE]
_CREDENTIALS = Annotated[Literal["omit", "same-origin", "include"], *FILLABLE]
_Flag = Annotated[bool, *FILLABLE]


class Iframe(Strict):
    """An iframe element."""

    iframe: PageName = Field(description="the page that the frame shows")
    allow: str | None = Field(None, description="the permissions policy of the frame: cross-origin-isolated, ...")
    sandbox: str | None = Field(None, description="sandboxing flags; empty text: all")
    credentialless: _Flag | None = Field(None, description="an anonymous frame")
    name: str | None = Field(None, description="the frame's name")
    referrerpolicy: str | None = Field(None, description="the referrer policy of the request")


class Image(Strict):
    """An img element."""

    image: PageName = Field(description="the page whose response is the image")
    crossorigin: _CORS | None = Field(None, description="CORS mode: anonymous or use-credentials")
    referrerpolicy: str | None = Field(None, description="the referrer policy of the request")


class Script(Strict):
    """A script element."""

    script: PageName = Field(description="the page whose response is the script")
    type: str | None = Field(None, description="module, or a classic script's type")
    crossorigin: _CORS | None = Field(None, description="CORS mode: anonymous or use-credentials")
    integrity: str | None = Field(None, description="the expected hash")
    referrerpolicy: str | None = Field(None, description="the referrer policy of the request")


class Style(Strict):
    """A link element with rel=stylesheet."""

    style: PageName = Field(description="the page whose response is the style sheet")
    crossorigin: _CORS | None = Field(None, description="CORS mode: anonymous or use-credentials")
    integrity: str | None = Field(None, description="the expected hash")
    referrerpolicy: str | None = Field(None, description="the referrer policy of the request")


class Worker(Strict):
    """A dedicated worker."""

    worker: PageName = Field(description="the page whose response is the worker's script")
    type: Annotated[Literal["classic", "module"], *FILLABLE] | None = Field(None, description="classic or module")
    credentials: _CREDENTIALS | None = Field(None, description="credentials mode of a module worker")
    name: str | None = Field(None, description="the worker's name")


class Fetch(Strict):
    """A call of fetch()."""

    fetch: PageName = Field(description="the page that is fetched")
    mode: Annotated[Literal["cors", "no-cors", "same-origin"], *FILLABLE] | None = Field(
        None, description="the request's mode"
    )
    credentials: _CREDENTIALS | None = Field(None, description="the request's credentials mode")
    method: str | None = Field(None, description="the request's method")
    cache: str | None = Field(None, description="the request's cache mode")
    redirect: Annotated[Literal["follow", "error", "manual"], *FILLABLE] | None = Field(
        None, description="the request's redirect mode"
    )


EMBEDS: dict[EmbedKind, type[Strict]] = {
    "iframe": Iframe,
    "image": Image,
    "script": Script,
    "style": Style,
    "worker": Worker,
    "fetch": Fetch,
}
Embed = Annotated[
    Annotated[Iframe, Tag("\0iframe")]
    | Annotated[Image, Tag("\0image")]
    | Annotated[Script, Tag("\0script")]
    | Annotated[Style, Tag("\0style")]
    | Annotated[Worker, Tag("\0worker")]
    | Annotated[Fetch, Tag("\0fetch")],
    Discriminator(embed_kind),
    BeforeValidator(require_embed),
]


def kind_of(embed: Strict) -> EmbedKind:
    """An embed's kind, which is also the key of the page that it loads."""
    return next(kind for kind, form in EMBEDS.items() if isinstance(embed, form))
