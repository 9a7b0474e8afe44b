"""What becomes of an object that only its agent cluster may hold when it is posted, transferred or stored.

Sources: HTML, 2.7.3 StructuredSerializeInternal, 2.7.6 StructuredDeserialize, 2.7.7 StructuredSerializeWithTransfer;
WebAssembly Web API, "serialization".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isolab.policy.agent_cluster import same_agent_cluster, shares_memory
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.isolation import isolation_of

SOURCE = "https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal"
TRANSFER_SOURCE = "https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer"
MODULE_SOURCE = "https://webassembly.github.io/spec/web-api/#serialization"
Outcome = Literal["shared", "DataCloneError", "messageerror"]
"""It arrives; the sender gets an exception; the receiver gets `messageerror`."""


@dataclass(frozen=True, slots=True)
class Cloning:
    """What comes of it, and why (one sentence)."""

    outcome: Outcome
    reason: str
    source: str = SOURCE


def post_shared_memory(sender: Environment, receiver: Environment) -> Cloning:
    """Post a SharedArrayBuffer, by whatever channel, to a global of the same browsing context group, or to itself."""
    given = isolation_of(sender)
    if not given.isolated:
        return Cloning("DataCloneError", f"who posts is not cross-origin isolated: {given.reason}")
    if sender is receiver or shares_memory(sender, receiver):
        return Cloning("shared", f"{sender.url} and {receiver.url} are isolated and in one agent cluster")
    return Cloning("messageerror", f"{receiver.url} is not isolated in the agent cluster of {sender.url}")


def store_shared_memory() -> Cloning:
    """Serialize a SharedArrayBuffer for storage (history.pushState, IndexedDB): never, isolated or not."""
    return Cloning("DataCloneError", "shared memory cannot be serialized for storage, which outlives its agent cluster")


def transfer_shared_memory() -> Cloning:
    """Transfer a SharedArrayBuffer: never, isolated or not."""
    return Cloning("DataCloneError", "shared memory cannot be transferred, only posted", TRANSFER_SOURCE)


def post_module(sender: Document, receiver: Document) -> Cloning:
    """Post a WebAssembly.Module to a document: it needs no isolation, but one agent cluster."""
    if same_agent_cluster(sender, receiver):
        return Cloning("shared", f"{sender.url} and {receiver.url} are in one agent cluster", MODULE_SOURCE)
    return Cloning("messageerror", f"{receiver.url} is in another agent cluster than {sender.url}", MODULE_SOURCE)
