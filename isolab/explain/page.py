"""A window's document: the way to it, whether it is isolated, and what becomes of what it embeds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from isolab.explain.effects import header_notes
from isolab.explain.false_fixes import Embedded
from isolab.explain.model import EmbedNote, HeaderNote, PageNote, ResponseNote
from isolab.policy.coop import COOP, COOP_REPORT_ONLY
from isolab.policy.document import Document, framed_document
from isolab.policy.embedding import embed
from isolab.policy.fields import combined
from isolab.policy.isolation import Isolation, document_isolation, worker_isolation
from isolab.policy.request import request_for, unforeseen
from isolab.policy.response import Hop
from isolab.policy.secure import potentially_trustworthy
from isolab.scenario.case import Case, Embed, Html
from isolab.scenario.responses import chain, pages_named, responses


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
        leads_to=(combined(way[-1].headers, "Location") or "") if way[-1].redirects else "",
    )


def named_responses(case: Case, page: str, told: Collection[str]) -> Iterator[ResponseNote]:
    """Explain what a page's HTML has the addresses of, and `told`, the URLs of which something is said, has not."""
    body = chain(case, page)[-1].body
    for name in pages_named(body.text) if isinstance(body, Html) else ():
        hop = responses(case, name)[0] if name in case.pages else None
        if hop is not None and hop.url not in told:
            yield _response(hop)


def _response(hop: Hop) -> ResponseNote:
    return ResponseNote(hop.url, hop.status, header_notes(hop, secure=potentially_trustworthy(hop.origin)))


def embed_notes(case: Case, page: str, document: Document, prefix: str = "") -> Iterator[EmbedNote]:
    """Explain what the page of a scenario embeds, frames in frames included, by its name from the outside."""
    for each in chain(case, page)[-1].embeds:
        note, inner = _embed(case, each, document, prefix)
        yield note
        if inner is not None and note.load == "loaded" and not _repeats(inner):
            yield from embed_notes(case, each.page, inner, f"{note.name}.")


def embedded(case: Case, page: str, document: Document, prefix: str) -> Iterator[Embedded]:
    """Everything that a document embeds, and what frames that are loaded embed, by its name from the outside."""
    for each in chain(case, page)[-1].embeds:
        request, way = request_for(each.kind, each.attributes), responses(case, each.page)
        yield Embedded(prefix + each.name, document, request, way)
        if each.kind == "iframe" and embed(document, request, way).loaded:
            inner = framed_document(document, way, dict(each.attributes))
            if not _repeats(inner):
                yield from embedded(case, each.page, inner, f"{prefix}{each.name}.")


def _repeats(frame: Document) -> bool:
    """Whether a page of an ancestor's address is in the frame: it is said of the first what there is to say.

    Where they are framed in each other, engines stop after none or one more (HTML, "shared attribute processing steps
    for iframe and frame elements", has none).
    """
    return frame.url in [ancestor.url for ancestor in frame.lineage()][1:]


def _embed(case: Case, each: Embed, document: Document, prefix: str) -> tuple[EmbedNote, Document | None]:
    way = responses(case, each.page)
    verdict = embed(document, request_for(each.kind, each.attributes), way)
    inner = framed_document(document, way, dict(each.attributes)) if each.kind == "iframe" else None
    isolation = _isolation(each, document, inner, way[-1].url) if verdict.loaded else None
    note = EmbedNote(
        name=prefix + each.name,
        kind=each.kind,
        url=way[0].url,
        load="loaded" if verdict.loaded else "blocked",
        reason=verdict.reason + _but(each) * verdict.loaded,
        source=verdict.source,
        hop=None if verdict.hop is None else verdict.hop + 1,
        isolated=isolation.isolated if isolation else None,
        isolation=isolation.reason if isolation else "",
        isolation_source=isolation.source if isolation else "",
        ignored=tuple(_ignored(each, document, way[-1])),
    )
    return note, inner


def _but(each: Embed) -> str:
    """What else may keep it from being loaded, of which nothing is said."""
    names = unforeseen(each.kind, each.attributes)
    return f" (what comes of `{'`, `'.join(names)}` is not foreseen)" if names else ""


def _ignored(each: Embed, document: Document, last: Hop) -> Iterator[HeaderNote]:
    """What is sent with something embedded for nothing. An opener policy is looked for only on what is a document."""
    secure = document.is_secure_context and potentially_trustworthy(last.origin)
    for note in header_notes(last, secure=secure, embedded=True):
        if note.ignored and (each.kind == "iframe" or note.name not in (COOP, COOP_REPORT_ONLY)):
            yield note


def _isolation(each: Embed, document: Document, inner: Document | None, url: str) -> Isolation | None:
    if inner is not None:
        return document_isolation(inner)
    return worker_isolation(document, url) if each.kind == "worker" else None
