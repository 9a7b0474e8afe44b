"""A window's document: the way to it, whether it is isolated, and what becomes of what it embeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isolab.explain.effects import header_notes
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
    for embedded in chain(case, page)[-1].embeds:
        note, inner = _embed(case, embedded, document, prefix)
        yield note
        if inner is not None and note.load == "loaded":
            yield from embed_notes(case, embedded.page, inner, f"{note.name}.")


def _embed(case: Case, embedded: Embed, document: Document, prefix: str) -> tuple[EmbedNote, Document | None]:
    way = responses(case, embedded.page)
    verdict = embed(document, request_for(embedded.kind, embedded.attributes), way)
    inner = framed_document(document, way[-1], dict(embedded.attributes)) if embedded.kind == "iframe" else None
    isolation = _isolation(embedded, document, inner, way[-1].url) if verdict.loaded else None
    note = EmbedNote(
        name=prefix + embedded.name,
        kind=embedded.kind,
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


def _isolation(embedded: Embed, document: Document, inner: Document | None, url: str) -> Isolation | None:
    if inner is not None:
        return document_isolation(inner)
    return worker_isolation(document, url) if embedded.kind == "worker" else None
