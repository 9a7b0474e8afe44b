"""Whom shared memory reaches: kind sab. Rows say what posts to what in a sentence, see `shared_memory_words`."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping

from isolab.conform.headers import response_of
from isolab.conform.kinds.shared_memory_words import HISTORY, TRANSFER, Posting, environment_of, frame_in, read_posting
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Json, Ruling
from isolab.policy.agent_cluster import SOURCE as CLUSTER_SOURCE
from isolab.policy.agent_cluster import origin_keyed
from isolab.policy.cloning import Cloning, post_shared_memory, store_shared_memory, transfer_shared_memory
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.isolation import isolation_of

DOMAIN = "document.domain set on both sides, "
"""How the sentence of a row begins in which a page and its frame set their domain; which frame is a field."""
SHORT = {"dedicated worker": "dedicated"}
"""What a row that tells several receivers apart calls them, where that is not their name."""
_CHANNELS = ("MessageChannel", "BroadcastChannel")


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    document = Document(response_of(setting.part("document"), "/page"))
    if setting.has("globals"):
        rulings = _on_globals(_read_globals(setting, document))
    elif row.subtest.startswith(DOMAIN):
        rulings = _on_domain(document, setting.part("iframe"))
    elif row.subtest:
        rulings = _on_posting(read_posting(row.subtest, document))
    else:
        rulings = _on_what_is_never_done()
    found = dict(rulings)
    setting.finish()
    return found


def _read_globals(setting: Reader, document: Document) -> list[Environment]:
    names = setting.get("globals")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise setting.unknown("globals")
    return [environment_of(name, document) for name in names]


def _on_globals(globals_: list[Environment]) -> Iterator[tuple[str, Ruling]]:
    """Rule on what a global finds in itself; several that a row names must find the same."""
    found = [dict(_on_global(each)) for each in globals_]
    for name, ruling in ChainMap(*found).items():
        if any(other.get(name, ruling).value != ruling.value for other in found):
            raise NotStagedError(f"the row's globals differ in {name}")
        yield name, ruling


def _on_global(environment: Environment) -> Iterator[tuple[str, Ruling]]:
    isolation = isolation_of(environment)
    yield "crossOriginIsolated", Ruling(isolation.isolated, isolation.reason, isolation.source)
    held = Ruling(isolation.shared_array_buffer, isolation.reason, isolation.source)
    yield "'SharedArrayBuffer' in globalThis", held
    memory = "shared memory can be made anywhere, only posting it asks for isolation"
    yield "WebAssembly.Memory({shared:true}).buffer", Ruling("still obtainable", memory, isolation.source)
    posted = post_shared_memory(environment, environment)
    # Workers post to others by that name, or have none of it.
    own = ("self",) if isinstance(environment, Document) else ()
    for channel in (*_CHANNELS, *own):
        yield f"{channel}.postMessage(sab)", _of(posted, posted.outcome)


def _on_posting(posting: Posting) -> Iterator[tuple[str, Ruling]]:
    """Rule on what each receiver gets; where the row tells several apart, with their names."""
    found = {name: post_shared_memory(posting.sender, receiver) for name, receiver in posting.receivers.items()}
    first = next(iter(found.values()))
    if posting.names_receivers:
        told = (f"{cloning.outcome} for {SHORT.get(name, name)}" for name, cloning in found.items())
        yield "result", _of(first, "; ".join(told))
    else:
        yield "result", _of(first, _both_ways(posting, first.outcome))


def _both_ways(posting: Posting, outcome: str) -> str:
    if outcome == "shared" or not posting.both_ways:
        return outcome
    back = [post_shared_memory(receiver, posting.sender).outcome for receiver in posting.receivers.values()]
    return f"{outcome} both ways" if set(back) == {outcome} else f"{outcome} one way, {back[0]} the other"


def _on_domain(document: Document, part: Reader) -> Iterator[tuple[str, Ruling]]:
    relation = part.text("relation") or ""
    part.text("scheme")
    frame = frame_in(document, relation)
    kept = origin_keyed(document) and origin_keyed(frame)
    word = "setter is a no-op" if kept else "setter works"
    yield "document.domain", Ruling(word, "isolation keys agent clusters by origin", CLUSTER_SOURCE)
    isolation = isolation_of(frame)
    for name in ("crossOriginIsolated_in_iframe", "SharedArrayBuffer_in_iframe"):
        yield name, Ruling(isolation.isolated, isolation.reason, isolation.source)


def _on_what_is_never_done() -> Iterator[tuple[str, Ruling]]:
    transferred, stored = transfer_shared_memory(), store_shared_memory()
    yield TRANSFER, _of(transferred, transferred.outcome)
    yield HISTORY, _of(stored, stored.outcome)


def _of(cloning: Cloning, value: Json) -> Ruling:
    return Ruling(value, cloning.reason, cloning.source)
