from __future__ import annotations

import pytest
from policy_world import APP, HEADERS, IDP, ISOLATING, document, page

from isolab.policy.document import Document
from isolab.policy.embedding import embed
from isolab.policy.isolation import remote_worker_isolation
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.terms import Origin
from isolab.policy.worker import Worker, WorkerKind

BLOB = Hop("blob:https://app.example/1", APP)
DATA = Hop("data:text/javascript,", APP)
NO_CORS = request_for("fetch", [("mode", "no-cors")])
STRICT, PLAIN = document(coep="require-corp"), document()


def served(kind: WorkerKind, owner: Document = PLAIN, coep: str | None = None, dip: str | None = None) -> Worker:
    return Worker(kind, page(path="/worker.js", coep=coep, dip=dip), (owner,))


@pytest.mark.parametrize("kind", ["dedicated", "shared", "service"])
@pytest.mark.parametrize("coep", [None, "require-corp"])
@pytest.mark.parametrize("owner", [PLAIN, STRICT])
def test_a_script_of_the_network_brings_its_own_policy(kind: WorkerKind, coep: str | None, owner: Document) -> None:
    worker = served(kind, owner, coep)
    assert worker.embedder_policy.strict is (coep is not None)
    assert embed(worker, NO_CORS, [page(IDP)]).loaded is (coep is None)
    assert embed(worker, NO_CORS, [page()]).loaded


def test_a_blob_worker_has_its_creators_policy() -> None:
    worker = Worker("dedicated", BLOB, (PLAIN,), creator=STRICT)
    assert (worker.origin, worker.embedder_policy.value) == (APP, "require-corp")
    assert not Worker("dedicated", BLOB, (STRICT,), creator=PLAIN).embedder_policy.strict


@pytest.mark.parametrize("kind", ["dedicated", "shared"])
def test_a_data_worker_has_its_owners_policy_and_an_opaque_origin(kind: WorkerKind) -> None:
    worker = Worker(kind, DATA, (STRICT,), creator=PLAIN)
    assert worker.origin is None
    assert worker.embedder_policy.strict
    assert not embed(worker, NO_CORS, [page()]).loaded
    assert not Worker(kind, DATA, (PLAIN,), creator=STRICT).embedder_policy.strict


def test_one_strict_owner_is_enough_for_a_shared_local_worker() -> None:
    assert Worker("shared", BLOB, (PLAIN, STRICT, PLAIN), creator=PLAIN).embedder_policy.strict
    assert not Worker("shared", BLOB, (PLAIN,), creator=PLAIN).embedder_policy.strict


def test_a_worker_in_a_worker_asks_that() -> None:
    outer = Worker("dedicated", DATA, (STRICT,))
    assert Worker("dedicated", DATA, (outer,)).embedder_policy.strict


def test_outside_a_secure_context_policies_are_not_read() -> None:
    insecure = document(APP, document(Origin("http", "app.example")))
    worker = served("dedicated", insecure, "require-corp", "isolate-and-require-corp")
    assert (worker.embedder_policy.strict, worker.isolation_policy.strict) == (False, False)


@pytest.mark.parametrize(("kind", "given"), [("dedicated", True), ("shared", False), ("service", False)])
def test_an_isolation_policy_goes_to_dedicated_workers(kind: WorkerKind, given: bool) -> None:
    assert served(kind, document(dip="isolate-and-require-corp")).isolation_policy.strict is given
    assert served(kind, dip="isolate-and-require-corp").isolation_policy.strict


@pytest.mark.parametrize("kind", ["shared", "service"])
def test_remote_workers_are_isolated_by_their_own_policy(kind: WorkerKind) -> None:
    assert remote_worker_isolation(served(kind, PLAIN, "require-corp")).isolated
    assert remote_worker_isolation(served(kind, dip="isolate-and-credentialless")).isolated
    found = remote_worker_isolation(served(kind, document(**ISOLATING)))
    assert (found.isolated, found.reason) == (
        False,
        f"https://app.example/worker.js sends no {HEADERS['coep']}",
    )


@pytest.mark.parametrize("coep", [None, "require-corp"])
def test_shared_and_service_workers_start_whatever_their_owners_policy(coep: str | None) -> None:
    for kind in ("sharedworker", "serviceworker"):
        request = request_for("sharedworker" if kind == "sharedworker" else "serviceworker")
        assert embed(STRICT, request, [page(coep=coep)]).loaded
        assert not embed(STRICT, request, [page(IDP, coep=coep, corp="cross-origin", acao="*")]).loaded
