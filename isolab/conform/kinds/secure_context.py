"""Pages that are no secure contexts, where policies are not read: kind secure-context."""

from __future__ import annotations

from dataclasses import dataclass

from isolab.conform.headers import headers_of, origin_of
from isolab.conform.kinds import embed, popup, subresource
from isolab.conform.kinds.chain import target_of, way_of
from isolab.conform.kinds.embed import read_asked
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling, Rulings
from isolab.policy.document import Document
from isolab.policy.embedding import embed as embedding
from isolab.policy.request import Kind, request_for
from isolab.policy.response import Hop
from isolab.policy.worker import Worker


def rule(row: Row) -> Rulings:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    if "opener" in row.setting:
        return popup.rule(row)
    if "document" in row.setting:
        return subresource.rule(row)
    return _in_frame(row) if "request" in row.setting else embed.rule(row)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a frame, or a worker of it, asks for: `hops` are the responses on its way."""

    environment: Document | Worker
    kind: Kind
    attributes: tuple[tuple[str, str], ...]
    hops: tuple[Hop, ...]


def read_in_frame(setting: Reader) -> Asked:
    """Read what a frame, or a worker of it, asks for. Raises NotStagedError where that is not known."""
    environment = _environment(setting)
    kind, attributes = read_asked(setting.part("request"))
    hops = way_of(setting.part("request"), setting.part("resource"), environment.response.origin)
    setting.finish()
    return Asked(environment, kind, attributes, tuple(hops))


def _in_frame(row: Row) -> Rulings:
    asked = read_in_frame(Reader(row.setting))
    found = embedding(asked.environment, request_for(asked.kind, asked.attributes), asked.hops)
    return {"blocked": Ruling(not found.loaded, found.reason, found.source)}


def _environment(setting: Reader) -> Document | Worker:
    parent, part = setting.part("parent"), setting.part("embed")
    origin = origin_of(parent)
    top = Document(Hop(f"{origin}/page", origin, 200, headers_of(parent)))
    part.one_of("type", "iframe")
    target = target_of(part, part, origin)
    frame = Document(Hop(f"{target}/frame", target, 200, headers_of(part)), top)
    if not setting.has("worker"):
        return frame
    worker = setting.part("worker")
    worker.one_of("type", "dedicated")
    return Worker("dedicated", Hop(f"{target}/worker.js", target, 200, headers_of(worker)), (frame,))
