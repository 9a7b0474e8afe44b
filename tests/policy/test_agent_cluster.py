from __future__ import annotations

import pytest
from policy_world import APP, IDP, ISOLATING, SUB, document, page

from isolab.policy.agent_cluster import (
    isolation_key,
    origin_keyed,
    reuses_initial_window,
    runs_javascript_url,
    same_agent_cluster,
    shares_memory,
)
from isolab.policy.document import Document
from isolab.policy.environment import Environment
from isolab.policy.inheritance import local_document
from isolab.policy.response import Hop
from isolab.policy.worker import Worker, WorkerKind

DIP = "isolate-and-require-corp"


@pytest.mark.parametrize(
    ("top", "frame", "together"),
    [(None, None, True), (DIP, None, False), (None, DIP, False), (DIP, DIP, True)],
)
def test_same_origin_documents_are_together_where_both_or_none_are_isolated(
    top: str | None, frame: str | None, together: bool
) -> None:
    parent = document(dip=top)
    assert same_agent_cluster(parent, document(APP, parent, dip=frame)) is together


def test_other_origins_are_apart() -> None:
    assert not same_agent_cluster(document(), document(SUB, document()))
    assert not same_agent_cluster(document(dip=DIP), document(IDP, document(dip=DIP), dip=DIP))


def test_in_an_isolated_group_an_isolation_policy_of_the_same_origin_changes_nothing() -> None:
    top = document(**ISOLATING)
    assert same_agent_cluster(top, document(APP, top, coep="require-corp", dip=DIP))
    foreign = document(IDP, top, coep="require-corp", dip=DIP)
    assert not same_agent_cluster(foreign, document(IDP, foreign, coep="require-corp"))
    assert same_agent_cluster(foreign, document(IDP, foreign, coep="require-corp", dip=DIP))


def test_frames_of_an_isolated_group_are_isolated_on_its_makers_behalf() -> None:
    top = document(**ISOLATING)
    key = isolation_key(document(IDP, top, coep="require-corp"))
    assert key is not None
    assert key.origin == APP
    assert isolation_key(document(coop="same-origin")) is None


def test_a_blank_child_is_together_with_its_parent() -> None:
    parent = document(dip=DIP)
    assert same_agent_cluster(parent, local_document("about:blank", parent, parent=parent))


def test_opaque_origins_are_alone() -> None:
    sandboxed = Document(page(dip=DIP), document(dip=DIP), frozenset({"allow-scripts"}))
    assert not same_agent_cluster(sandboxed, sandboxed)


@pytest.mark.parametrize(("dip", "reused"), [(None, True), (DIP, False)])
def test_a_popups_first_window_is_reused_by_its_own_agent_cluster_only(dip: str | None, reused: bool) -> None:
    blank = local_document("about:blank", document())
    assert reuses_initial_window(blank, document(dip=dip)) is reused
    assert not reuses_initial_window(blank, document(IDP))


def worker_of(owner: Environment, kind: WorkerKind = "dedicated", path: str = "/worker.js") -> Worker:
    return Worker(kind, page(path=path, coep="require-corp"), (owner,))


def test_memory_is_shared_with_dedicated_workers_frames_and_windows_of_the_same_origin() -> None:
    top = document(**ISOLATING)
    frame = document(APP, top, coep="require-corp")
    assert shares_memory(top, frame)
    assert shares_memory(document(APP, frame, coep="require-corp"), top)
    assert shares_memory(top, document(**ISOLATING))
    assert shares_memory(top, worker_of(frame))
    assert shares_memory(worker_of(worker_of(top)), worker_of(frame))


def test_memory_does_not_get_to_other_origins_or_other_agent_clusters() -> None:
    top = document(**ISOLATING)
    foreign = Document(page(IDP, coep="require-corp"), top, allow="cross-origin-isolated")
    assert not shares_memory(top, foreign)
    shared, service = worker_of(top, "shared"), worker_of(top, "service")
    assert not shares_memory(top, shared)
    assert not shares_memory(worker_of(top), service)
    assert shares_memory(shared, worker_of(shared))


def test_memory_is_not_shared_without_isolation() -> None:
    assert not shares_memory(document(), document())
    top = document(**ISOLATING)
    switched_off = document(APP, top, coep="require-corp", permissions="cross-origin-isolated=()")
    assert not shares_memory(top, switched_off)
    assert not shares_memory(top, Worker("dedicated", Hop("data:text/javascript,", APP), (top,)))


def test_isolation_keys_agent_clusters_by_origin() -> None:
    assert origin_keyed(document(dip=DIP))
    assert origin_keyed(document(IDP, document(**ISOLATING)))
    assert not origin_keyed(document(coop="same-origin"))


@pytest.mark.parametrize(("sender", "runs"), [(None, False), (DIP, True)])
def test_a_javascript_url_is_run_within_the_agent_cluster_only(sender: str | None, runs: bool) -> None:
    parent = document(dip=sender)
    assert runs_javascript_url(parent, document(APP, parent, dip=DIP)) is runs
    assert not runs_javascript_url(parent, document(SUB, parent, dip=DIP))
