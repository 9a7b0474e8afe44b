"""A window's document: the way to it, whether it is isolated, and what becomes of what it embeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isolab.explain.effects import header_notes
from isolab.explain.false_fixes import Embedded
from isolab.explain.model import EmbedNote, PageNote, ResponseNote
from isolab.policy.document import Document, framed_document
from isolab.policy.embedding import embed
from isolab.policy.isolation import Isolation, document_isolation, worker_isolation
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.secure import potentially_trustworthy
from isolab.scenario.case import Case, Embed
from isolab.scenario.responses import chain, responses


def page_note(window: str, way: Sequence[Hop], embeds: Sequence[EmbedNote] = ()) -> PageNote:
    """Explain the document that a window shows after `way`, its redirects first."""
    document = Document(way[-1])
    isolation = document_isolation(document)
    return PageNote(
        window=window,
        url=document.url,
        way=tuple(_response(hop) for hop in way),
        isolated=isolation.isolated,
        reason=isolation.reason,
        source=isolation.source,
        embeds=tuple(embeds),
    )


def _response(hop: Hop) -> ResponseNote:
    return ResponseNote(hop.url, hop.status, header_notes(hop, secure=potentially_trustworthy(hop.origin)))


def embed_notes(case: Case, page: str, document: Document, prefix: str = "") -> Iterator[EmbedNote]:
    """Explain what the page of a scenario embeds, frames in frames included, by its name from the outside."""
    for each in chain(case, page)[-1].embeds:
        note, inner = _embed(case, each, document, prefix)
        yield note
        if inner is not None and note.load == "loaded":
            yield from embed_notes(case, each.page, inner, f"{note.name}.")


def embedded(case: Case, page: str, document: Document, prefix: str) -> Iterator[Embedded]:
    """Everything that a document embeds, and what frames that are loaded embed, by its name from the outside."""
    for each in chain(case, page)[-1].embeds:
        request, way = request_for(each.kind, each.attributes), responses(case, each.page)
        yield Embedded(prefix + each.name, document, request, way)
        if each.kind == "iframe" and embed(document, request, way).loaded:
            inner = framed_document(document, way[-1], dict(each.attributes))
            yield from embedded(case, each.page, inner, f"{prefix}{each.name}.")


def _embed(case: Case, each: Embed, document: Document, prefix: str) -> tuple[EmbedNote, Document | None]:
    way = responses(case, each.page)
    verdict = embed(document, request_for(each.kind, each.attributes), way)
    inner = framed_document(document, way[-1], dict(each.attributes)) if each.kind == "iframe" else None
    isolation = _isolation(each, document, inner, way[-1].url) if verdict.loaded else None
    note = EmbedNote(
        name=prefix + each.name,
        kind=each.kind,
        url=way[0].url,
        load="loaded" if verdict.loaded else "blocked",
        reason=verdict.reason,
        source=verdict.source,
        hop=None if verdict.hop is None else verdict.hop + 1,
        isolated=isolation.isolated if isolation else None,
        isolation=isolation.reason if isolation else "",
        isolation_source=isolation.source if isolation else "",
    )
    return note, inner


def _isolation(each: Embed, document: Document, inner: Document | None, url: str) -> Isolation | None:
    if inner is not None:
        return document_isolation(inner)
    return worker_isolation(document, url) if each.kind == "worker" else None
