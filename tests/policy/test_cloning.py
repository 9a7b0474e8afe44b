from __future__ import annotations

import pytest
from policy_world import APP, IDP, ISOLATING, document, page

from isolab.policy.cloning import post_module, post_shared_memory, store_shared_memory, transfer_shared_memory
from isolab.policy.worker import Worker

DIP = "isolate-and-require-corp"


def test_shared_memory_needs_an_isolated_sender() -> None:
    plain = document(coop="same-origin")
    found = post_shared_memory(plain, plain)
    assert found.outcome == "DataCloneError"
    assert "not cross-origin isolated" in found.reason


def test_shared_memory_arrives_within_the_agent_cluster() -> None:
    top = document(**ISOLATING)
    assert post_shared_memory(top, top).outcome == "shared"
    assert post_shared_memory(top, document(APP, top, coep="require-corp")).outcome == "shared"
    assert post_shared_memory(top, document(IDP, top, coep="require-corp")).outcome == "messageerror"
    shared = Worker("shared", page(coep="require-corp"), (top,))
    assert post_shared_memory(shared, shared).outcome == "shared"
    assert post_shared_memory(top, shared).outcome == post_shared_memory(shared, top).outcome == "messageerror"


def test_shared_memory_is_neither_stored_nor_transferred() -> None:
    assert store_shared_memory().outcome == transfer_shared_memory().outcome == "DataCloneError"
    assert store_shared_memory().source != transfer_shared_memory().source


@pytest.mark.parametrize(("dip", "outcome"), [(None, "shared"), (DIP, "messageerror")])
def test_a_module_needs_no_isolation_but_one_agent_cluster(dip: str | None, outcome: str) -> None:
    parent = document()
    assert post_module(parent, document(APP, parent, dip=dip)).outcome == outcome
