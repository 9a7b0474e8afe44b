"""Who is cross-origin isolated: kind coi."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isolab.conform.headers import response_of
from isolab.conform.kinds.popup import read_opened, rule_on
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling
from isolab.policy.cloning import post_shared_memory
from isolab.policy.document import Document
from isolab.policy.isolation import document_isolation


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    rulings: dict[str, Ruling] = {}
    if setting.has("popup"):
        opened = read_opened(setting)
        rulings |= rule_on(opened)
        document = opened.shown
    else:
        document = read_document(setting)
    setting.finish()
    return rulings | dict(isolation_rulings(document))


def isolation_rulings(document: Document) -> Iterator[tuple[str, Ruling]]:
    """Rule on each observation that a page can make of its own isolation."""
    found = document_isolation(document)

    def of(value: object) -> Ruling:
        return Ruling(value, found.reason, found.source)

    yield "crossOriginIsolated", of(found.isolated)
    yield "typeof_SharedArrayBuffer", of("function" if found.shared_array_buffer else "undefined")
    cloning = post_shared_memory(document, document)
    allowed = "allowed" if cloning.outcome == "shared" else cloning.outcome
    yield "shared_memory_clone", Ruling(allowed, cloning.reason, cloning.source)
    yield "timer_min_resolution_us", of(found.timer_resolution_us)


def read_document(setting: Reader) -> Document:
    """Read a page, or the innermost of up to three that are in one another."""
    for name in ("document", "opener"):
        if setting.has(name):
            return Document(response_of(setting.part(name), "/page"))
    document = Document(response_of(setting.part("top"), "/top"))
    for name in ("parent_frame", "iframe"):
        if setting.has(name):
            frame = setting.part(name)
            document = Document(response_of(frame, f"/{name}"), document, allow=frame.text("allow"))
    return document
