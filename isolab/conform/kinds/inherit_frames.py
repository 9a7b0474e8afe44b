"""Frames of kind inherit: local documents (about:, blob:, data:, javascript:) in a page, and what they may embed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from isolab.conform.headers import FIELDS, headers_of, response_of
from isolab.conform.kinds.loading import no_cors_rulings
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.ruling import Ruling
from isolab.policy.document import Document
from isolab.policy.embedding import FRAME_SOURCE, EmbedPrediction, embed, embed_local
from isolab.policy.inheritance import SOURCE, local_document
from isolab.policy.report_coep import SOURCE as REPORT_SOURCE
from isolab.policy.report_coep import embedder_reports, local_reports
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin

IN_PLAIN_TOP = "same-origin frame inside a no-COEP top"
BY_TOP = "top (no COEP) via contentDocument.location"
BLOB_OF_CREATOR = "blob: made by the creator frame"
_LOCAL = ("about:blank", "about:srcdoc", "data:", "blob:", "javascript:")
_STEP_LOCAL = re.compile(r"(about:blank|about:srcdoc|(?:data|blob|javascript):)(?: URL)?")
_STEP_PAGE = re.compile(r"(?:COEP (require-corp|credentialless|unsafe-none) |no-COEP )?frame")


@dataclass(frozen=True, slots=True)
class Framed:
    """A frame in `parent` that comes to show a local document, and how: `steps` are what it shows one after the other.

    A step is a local URL, or "page" for a page of its own. `creator` made the blob: URL that it shows, and shows it
    `via` a frame, a popup or itself. `child` is the page that the local document embeds.
    """

    parent: Document
    steps: tuple[tuple[str, Document], ...]
    creator: Document | None = None
    via: str | None = None
    child: Hop | None = None

    @property
    def shown(self) -> Document:
        """What the frame shows at the end."""
        return self.steps[-1][1]


def read_framed(setting: Reader) -> Framed:
    """Read what a frame shows. Raises NotStagedError where it is not known."""
    parent = _read_parent(setting.part("parent"))
    part = setting.part("embed")
    part.one_of("type", "iframe")
    creator = _read_creator(setting, parent)
    via = setting.part("creator").text("via", "subframe") if creator else None
    child = part.part("child")
    page = response_of(child, "/child") if part.has("child") and not child.has("url") else None
    return Framed(parent, tuple(_read_frame(part, parent, creator)), creator, via, page)


def rulings(setting: Reader) -> Iterator[tuple[str, Ruling]]:
    """Rule on each observation of a frame in `parent`."""
    framed = read_framed(setting)
    part, creator, shown = setting.part("embed"), framed.creator, framed.shown
    found = _loaded(shown)
    yield "blocked", Ruling(not found.loaded, found.reason, found.source)
    yield from _reports(shown)
    yield from no_cors_rulings(shown)
    yield "origin", Ruling("null" if shown.origin is None else str(shown.origin), f"{shown.url} in a frame", SOURCE)
    if creator is not None:
        same = same_origin(shown.origin, creator.origin)
        yield "blob_origin", Ruling("creator" if same else str(shown.origin), "a blob: URL is its maker's", SOURCE)
    if part.has("child"):
        yield "blocked_grandchild", _grandchild(part.part("child"), shown)


def _read_parent(part: Reader) -> Document:
    """Read the page that has the frame, itself in a page without policies where the row says so."""
    around = part.one_of("note", None, IN_PLAIN_TOP)
    response = response_of(part, "/parent")
    return Document(response, None if around is None else Document(Hop(f"{response.origin}/top", response.origin)))


def _read_creator(setting: Reader, parent: Document) -> Document | None:
    """Read the document that makes the blob: URL; it has the parent's policy unless it says another."""
    if not setting.has("creator"):
        return None
    part = setting.part("creator")
    part.one_of("via", "subframe", "navigate", "popup")
    response = response_of(part, "/creator", "relation_to_parent")
    own = {name for name, _ in headers_of(part)} | ({FIELDS["coep"]} if part.has("coep") else set())
    given = tuple((name, value) for name, value in parent.response.headers if name not in own)
    return Document(Hop(response.url, response.origin, response.status, (*response.headers, *given)))


def _read_frame(part: Reader, parent: Document, creator: Document | None) -> Iterator[tuple[str, Document]]:
    initiator = parent
    if part.one_of("initiator", None, "parent", BY_TOP) == BY_TOP:
        initiator = parent.top
    if creator is not None:
        part.one_of("url", BLOB_OF_CREATOR)
        yield "blob:", local_document("blob:", parent, parent=parent, creator=creator)
        return
    if part.has("sequence"):
        yield from _after(part, parent, initiator)
        return
    url = part.text("url") or ""
    if url not in _LOCAL:
        raise part.unknown("url")
    yield url, _local(url, parent, initiator, _blank(parent))


def _after(part: Reader, parent: Document, initiator: Document) -> Iterator[tuple[str, Document]]:
    """Go through what the frame shows one after the other."""
    steps = part.get("sequence")
    if not isinstance(steps, list) or not steps:
        raise part.unknown("sequence")
    shown = _blank(parent)
    for step in steps:
        if local := _STEP_LOCAL.fullmatch(str(step)):
            shown = _local(local[1], parent, initiator, shown)
            yield local[1], shown
        elif page := _STEP_PAGE.fullmatch(str(step)):
            shown = _page(page[1], parent)
            yield "page", shown
        else:
            raise part.unknown("sequence")


def _blank(parent: Document) -> Document:
    return local_document("about:blank", parent, parent=parent)


def _local(url: str, parent: Document, initiator: Document, replaced: Document) -> Document:
    return local_document(url, initiator, parent=parent, replaced=replaced)


def _page(coep: str | None, parent: Document) -> Document:
    origin: Origin = parent.response.origin
    return Document(Hop(f"{origin}/frame", origin, 200, ((FIELDS["coep"], coep),) if coep else ()), parent)


def _loaded(shown: Document) -> EmbedPrediction:
    if shown.parent is None:
        raise NotStagedError("the row has no parent")
    if shown.inherits is not None:
        return embed_local(shown)
    return embed(shown.parent, request_for("iframe"), [shown.response])


def _reports(shown: Document) -> Iterator[tuple[str, Ruling]]:
    """Rule on the report that the parent sends where the frame is kept out."""
    if shown.inherits is None and shown.parent is not None:
        sent = embedder_reports(shown.parent, request_for("iframe"), [shown.response])
    else:
        sent = local_reports(shown)
    first = next((report for report in sent if report.disposition == "enforce"), None)
    yield "report.type", Ruling("coep" if first else None, "what keeps a frame out reports it", REPORT_SOURCE)
    yield "report.body_type", Ruling(first.type if first else None, "the kind of check that failed", REPORT_SOURCE)


def _grandchild(part: Reader, shown: Document) -> Ruling:
    part.one_of("type", "iframe")
    if part.has("url"):
        url = part.one_of("url", *_LOCAL) or ""
        found = embed_local(local_document(url, shown, parent=shown, replaced=_blank(shown)))
    else:
        found = embed(shown, request_for("iframe"), [response_of(part, "/child")])
    return Ruling(not found.loaded, found.reason, FRAME_SOURCE)
