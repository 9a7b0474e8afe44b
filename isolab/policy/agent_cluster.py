"""Who shares an agent cluster: whose objects are within reach, and between whom shared memory can be posted.

Sources: HTML, 8.1.2 "agent cluster key"; Document-Isolation-Policy, "cross-origin isolation key".
"""

from __future__ import annotations

from dataclasses import dataclass

from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.isolation import isolation_of
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin

SOURCE = "https://html.spec.whatwg.org/multipage/webappapis.html#agent-cluster-key"


@dataclass(frozen=True, slots=True)
class IsolationKey:
    """What isolated agent clusters are told apart by: the origin on whose behalf they are isolated (None: opaque)."""

    origin: Origin | None


def isolation_key(document: Document) -> IsolationKey | None:
    """By whom a document's agent cluster is isolated: itself (isolation policy), its group's maker, or nobody."""
    if document.isolation_policy.strict:
        return IsolationKey(document.origin)
    if document.top.opener_policy.value == "same-origin-plus-COEP":
        return IsolationKey(document.top.origin)
    return None


def same_agent_cluster(a: Document, b: Document) -> bool:
    """Whether two documents of one browsing context group share their agent cluster: then `contentDocument` is given.

    Taken as origin-keyed: `document.domain`, which joins origins of a site, is not considered.
    """
    return same_origin(a.origin, b.origin) and isolation_key(a) == isolation_key(b)


def shares_memory(a: Environment, b: Environment) -> bool:
    """Whether shared memory that one of them posts arrives at the other, both of one browsing context group.

    Otherwise posting it throws a DataCloneError, or the other gets `messageerror`. A dedicated worker is in its owner's
    agent cluster; a shared or a service worker has one of its own (HTML, 8.1.2.2).
    """
    if not (isolation_of(a).isolated and isolation_of(b).isolated):
        return False
    of_a, of_b = _owner(a), _owner(b)
    if isinstance(of_a, Document) and isinstance(of_b, Document):
        return same_agent_cluster(of_a, of_b)
    return of_a == of_b


def _owner(environment: Environment) -> Environment:
    """Go up from dedicated workers to whose agent cluster they are in."""
    while not isinstance(environment, Document) and environment.kind == "dedicated":
        environment = environment.owners[0]
    return environment


def reuses_initial_window(blank: Document, document: Document) -> bool:
    """Whether a document takes over the Window object of the initial about:blank that it replaces (HTML, 7.5.1)."""
    return same_agent_cluster(blank, document)


def origin_keyed(document: Document) -> bool:
    """Whether isolation alone makes a document's agent cluster origin-keyed: then `originAgentCluster` is true.

    Setting `document.domain` does nothing there (HTML, 7.1.1.2). The header Origin-Agent-Cluster is not considered.
    """
    return isolation_key(document) is not None


def runs_javascript_url(initiator: Document, target: Document) -> bool:
    """Whether a javascript: URL that `initiator` navigates `target` to is run (HTML, 7.4.2.3.2).

    It must be same-origin, and nobody gets at another agent cluster's objects that way either.
    """
    return same_agent_cluster(initiator, target)
