from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.features import without
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.staged import Act
from isolab.conform.stages.isolation_policy import act

DIP = "Document-Isolation-Policy"


def row(subtest: str, expect: dict[str, Any], **setting: Any) -> Row:
    return Row("dip/a/01", "dip", setting, expect, subtest=subtest)


def play(subtest: str, expect: dict[str, Any], **setting: Any) -> Act:
    played = act(row(subtest, expect, **setting))
    played.scene.case("a/01")
    return played


def test_a_page_and_a_frame_tell_what_they_get_of_one_another() -> None:
    expect = {"contentDocument": None, "cross_access": "SecurityError both ways"}
    played = play("top none / same-origin frame isolate-and-require-corp", expect)
    assert played.scene.expect == {"page.says.contentDocument": "none", "page.says.cross_access": "SecurityError"}
    assert played.scene.pages["child"]["headers"] == {DIP: "isolate-and-require-corp"}


def test_a_row_whose_outer_document_is_a_frame_has_a_page_around_it() -> None:
    played = play("DIP frame / same-origin child without DIP", {"access": "SecurityError"})
    assert set(played.scene.pages) == {"page", "parent", "child"}
    assert "headers" not in played.scene.pages["page"]


@pytest.mark.parametrize(
    ("subtest", "expect", "checks"),
    [
        (
            "COI top with cross-origin DIP frame; its same-origin child with DIP",
            {"access": "object"},
            ["page.says.access"],
        ),
        ("about:srcdoc child of a DIP document", {"inherits_policy": True}, ["page.says.inherits"]),
        ("popup's initial about:blank -> same-origin page with DIP", {"window_reused": False}, ["popup.says.reused"]),
        ("no-DIP page runs javascript: URL in same-origin DIP frame", {"runs": False}, ["page.says.runs"]),
        ("postMessage(WebAssembly.Module) to same-origin DIP frame", {"event": "messageerror"}, ["page.says.result"]),
        ("DIP document", {"originAgentCluster": True}, ["page.says.originAgentCluster"]),
        (
            "no-DIP opener / same-origin DIP popup",
            {"opener_is_null": False, "popup.document": "SecurityError"},
            ["popup.opener", "popup.domAccess"],
        ),
    ],
)
def test_each_form_of_a_sentence_is_played(subtest: str, expect: dict[str, Any], checks: list[str]) -> None:
    played = play(subtest, expect)
    assert list(played.scene.expect) == checks
    assert list(played.claims.values()) == checks


def test_a_creator_and_its_blob_document_load_the_same_images() -> None:
    document = {"dip": "isolate-and-require-corp"}
    expect = {"creator_no_cors_without_corp": "blocked", "blob_no_cors_same_origin_without_corp": "loaded"}
    played = play("blob: document from DIP creator", expect, document=document)
    assert played.scene.expect == {"page.says.creator_cross_origin": "blocked", "page.says.blob_same_origin": "loaded"}
    assert {"cross_origin-control", "same_origin-control"} < set(played.scene.pages)


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(NotStagedError, match="sandboxed creator"):
        play("blob: document from sandboxed DIP creator", {"blob_no_cors_without_corp": "blocked"}, document={})
    with pytest.raises(NotStagedError, match="tea"):
        play("DIP tea", {"access": "object"})
    with pytest.raises(NotStagedError, match="tea"):
        play("DIP document", {"originAgentCluster": True}, tea=1)


def test_to_an_engine_without_the_policy_the_sentence_is_one_without_it() -> None:
    known = row("DIP frame / same-origin child with the same DIP", {"contentDocument": "document"})
    lacking = without(known, "document-isolation-policy")
    assert lacking is not None
    assert lacking.subtest == "no-DIP frame / same-origin child without DIP"
