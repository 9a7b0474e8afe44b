"""Document-Isolation-Policy: reading it, and what it does to isolation and to what is embedded."""

from __future__ import annotations

import pytest
from policy_world import APP, IDP, SUB, document, page, redirect

from isolab.policy.document import Document
from isolab.policy.embedding import embed
from isolab.policy.isolation import document_isolation, worker_isolation
from isolab.policy.isolation_policy import DIP, DIP_REPORT_ONLY, obtain_isolation_policy
from isolab.policy.request import request_for
from isolab.policy.terms import Origin

HTTP_APP = Origin("http", "app.example")
STRICT = ("isolate-and-credentialless", "isolate-and-require-corp")


@pytest.mark.parametrize("value", STRICT)
def test_either_strict_value_counts_in_secure_contexts_only(value: str) -> None:
    sent = ((DIP, f'{value}; report-to="here"'),)
    found = obtain_isolation_policy(sent, secure_context=True)
    assert (found.value, found.endpoint, found.strict) == (value, "here", True)
    assert obtain_isolation_policy(sent, secure_context=False).value == "none"


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("",),
        ("none",),
        ("require-corp",),
        ("Isolate-and-require-corp",),
        ('"isolate-and-require-corp"',),
        ("isolate-and-require-corp;",),
        ("isolate-and-require-corp,isolate-and-require-corp",),
        ("isolate-and-require-corp", ""),
    ],
)
def test_everything_else_is_none(values: tuple[str, ...]) -> None:
    found = obtain_isolation_policy([(DIP, value) for value in values], secure_context=True)
    assert (found.value, found.strict) == ("none", False)


def test_report_only_is_kept_apart() -> None:
    sent = ((DIP, "none"), (DIP_REPORT_ONLY, 'isolate-and-require-corp; report-to="ro"'))
    found = obtain_isolation_policy(sent, secure_context=True)
    assert (found.value, found.report_only_value, found.report_only_endpoint) == (
        "none",
        "isolate-and-require-corp",
        "ro",
    )


@pytest.mark.parametrize("value", STRICT)
@pytest.mark.parametrize("origin", [APP, IDP])
def test_it_isolates_alone_and_at_any_depth(value: str, origin: Origin) -> None:
    assert document_isolation(document(origin, dip=value)).isolated
    assert document_isolation(document(origin, document(IDP, document()), dip=value)).isolated
    undelegated = document(
        origin, document(coop="same-origin", coep="require-corp", permissions="cross-origin-isolated=()"), dip=value
    )
    assert document_isolation(undelegated).isolated


def test_it_isolates_nobody_else() -> None:
    top = document(dip="isolate-and-require-corp")
    assert not document_isolation(document(APP, top)).isolated
    assert not document_isolation(document(dip_ro="isolate-and-require-corp")).isolated
    assert not document_isolation(document(HTTP_APP, dip="isolate-and-require-corp")).isolated


def test_dedicated_workers_are_isolated_with_their_owner() -> None:
    owner = document(dip="isolate-and-credentialless")
    assert worker_isolation(owner, "https://app.example/worker.js").isolated
    assert not worker_isolation(owner, "data:text/javascript,0").isolated


@pytest.mark.parametrize(
    ("dip", "corp", "loaded"),
    [
        ("isolate-and-require-corp", None, False),
        ("isolate-and-require-corp", "same-site", False),
        ("isolate-and-require-corp", "cross-origin", True),
        ("isolate-and-credentialless", None, True),
        ("isolate-and-credentialless", "same-origin", False),
        ("none", None, True),
    ],
)
def test_subresources(dip: str, corp: str | None, loaded: bool) -> None:
    assert embed(document(dip=dip), request_for("image"), [page(IDP, corp=corp)]).loaded is loaded


def test_the_stricter_of_two_policies_decides() -> None:
    both = document(coep="credentialless", dip="isolate-and-require-corp")
    assert not embed(both, request_for("image"), [page(IDP)]).loaded
    both = document(coep="require-corp", dip="isolate-and-credentialless")
    assert not embed(both, request_for("image"), [page(IDP)]).loaded


def test_the_reason_names_the_header_that_asks() -> None:
    found = embed(document(dip="isolate-and-require-corp"), request_for("image"), [page(IDP)])
    assert "under Document-Isolation-Policy: isolate-and-require-corp that means same-origin" in found.reason


def test_frames_need_nothing_under_it_and_it_is_nothing_to_a_strict_parent() -> None:
    assert embed(document(dip="isolate-and-require-corp"), request_for("iframe"), [page(IDP)]).loaded
    framed = page(dip="isolate-and-require-corp")
    assert not embed(document(coep="require-corp"), request_for("iframe"), [framed]).loaded


def test_its_redirects_are_checked() -> None:
    top = document(dip="isolate-and-require-corp")
    assert embed(top, request_for("image"), [redirect(SUB), page(IDP, corp="cross-origin")]).hop == 0


def test_a_sandboxed_document_is_isolated_by_itself() -> None:
    frame = Document(page(dip="isolate-and-require-corp"), document(), frozenset({"allow-scripts"}))
    assert document_isolation(frame).isolated
