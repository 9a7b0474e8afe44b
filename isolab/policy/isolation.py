"""Who is cross-origin isolated, and what that gives (HTML, 7.1.3.2 and 8.1.3.1; ECMAScript, SharedArrayBuffer)."""

from __future__ import annotations

from dataclasses import dataclass

from isolab.policy.coep import COEP
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.isolation_policy import SOURCE as ISOLATION_POLICY_SOURCE
from isolab.policy.permissions_policy import allowed_to_use
from isolab.policy.worker import Worker

SOURCE = (
    "https://html.spec.whatwg.org/multipage/webappapis.html#concept-settings-object-cross-origin-isolated-capability"
)
WORKER_SOURCE = "https://html.spec.whatwg.org/multipage/workers.html#run-a-worker"
RESOLUTION_US, ISOLATED_RESOLUTION_US = 100, 5
_FEATURE = "cross-origin-isolated"


@dataclass(frozen=True, slots=True)
class Isolation:
    """Whether `crossOriginIsolated` is true, and why (one sentence)."""

    isolated: bool
    reason: str
    source: str = SOURCE

    @property
    def shared_array_buffer(self) -> bool:
        """Whether the global has a `SharedArrayBuffer` constructor."""
        return self.isolated

    @property
    def shares_memory(self) -> bool:
        """Whether shared memory can be posted to an agent of the same cluster.

        Without isolation shared memory can still be made (`new WebAssembly.Memory({shared: true})`), but posting it
        throws a DataCloneError.
        """
        return self.isolated

    @property
    def timer_resolution_us(self) -> int:
        """How many microseconds apart times are at least (High Resolution Time, "coarsen time")."""
        return ISOLATED_RESOLUTION_US if self.isolated else RESOLUTION_US


def document_isolation(document: Document) -> Isolation:
    """Whether a window's or a frame's document is cross-origin isolated, given that it was loaded at all.

    A popup is judged by itself: isolation does not come from its opener. A document with an isolation policy is
    isolated by that, wherever it is and whatever Permissions Policy says.
    """
    own = document.isolation_policy
    if own.strict:
        return Isolation(True, f"{document.url} {own.reason}", ISOLATION_POLICY_SOURCE)
    top, policy = document.top, document.top.opener_policy
    if policy.value != "same-origin-plus-COEP":
        return Isolation(False, _lacking(top))
    for frame in document.lineage():
        if not frame.embedder_policy.strict and not frame.is_credentialless:
            return Isolation(False, f"{frame.url} {frame.embedder_policy.reason}")
    if not allowed_to_use(document, _FEATURE):
        return Isolation(False, f"Permissions Policy keeps {_FEATURE} from {document.url}")
    if document.parent is None:
        return Isolation(True, f"{top.url} {policy.reason}")
    return Isolation(True, f"{top.url} {policy.reason}, and Permissions Policy gives {_FEATURE} to {document.url}")


def isolation_of(environment: Environment) -> Isolation:
    """Whether a document or a worker of any kind is cross-origin isolated, given that it was loaded at all."""
    if isinstance(environment, Document):
        return document_isolation(environment)
    if environment.kind == "dedicated":
        return worker_isolation(environment.owners[0], environment.url)
    return remote_worker_isolation(environment)


def worker_isolation(owner: Environment, url: str) -> Isolation:
    """Whether a dedicated worker is cross-origin isolated, its script being loaded: as its owner; data: never."""
    if url.lower().startswith("data:"):
        return Isolation(False, "a data: worker has an opaque origin and is never isolated", WORKER_SOURCE)
    given = isolation_of(owner)
    return Isolation(given.isolated, f"a dedicated worker is isolated as its owner is: {given.reason}", WORKER_SOURCE)


def remote_worker_isolation(worker: Worker) -> Isolation:
    """Whether a shared or a service worker is cross-origin isolated: by its own policies, whoever made it."""
    if worker.isolation_policy.strict:
        return Isolation(True, f"{worker.url} {worker.isolation_policy.reason}", ISOLATION_POLICY_SOURCE)
    return Isolation(worker.embedder_policy.strict, f"{worker.url} {worker.embedder_policy.reason}", WORKER_SOURCE)


def _lacking(top: Document) -> str:
    policy = top.opener_policy
    if policy.value != "same-origin":
        return f"{top.url} {policy.reason}"
    return f"{top.url} {policy.reason}, but {top.embedder_policy.reason}: isolation wants {COEP} as well"
