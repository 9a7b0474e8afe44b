from __future__ import annotations

from typing import Any

import pytest
from kind_world import ruled

from isolab.conform.reader import NotStagedError

DENIED, GIVEN = "SecurityError", "object"


@pytest.mark.parametrize(
    ("sentence", "access"),
    [
        ("top isolate-and-credentialless / same-origin frame none", DENIED),
        ("top none / same-origin frame none", GIVEN),
        ("top none / same-site frame without DIP", DENIED),
        ("DIP frame / cross-site child with the same DIP", DENIED),
        # Both are isolated on behalf of one origin; how subresources are asked for makes no difference.
        ("DIP frame / same-origin child with another DIP", GIVEN),
        ("COI top with same-origin frame without DIP", GIVEN),
        ("COI top with same-site DIP frame; its same-origin child with another DIP", GIVEN),
        ("COI top with cross-site DIP frame; its same-site child with DIP", DENIED),
    ],
)
def test_who_is_within_reach(sentence: str, access: str) -> None:
    found = ruled("dip", subtest=sentence)
    assert found["access"] == access
    assert found["contentDocument"] == ("document" if access == GIVEN else None)
    assert found["same_agent_cluster"] is (access == GIVEN)
    assert found["cross_access"].startswith(access)


@pytest.mark.parametrize(
    ("sentence", "null", "access"),
    [
        ("DIP opener / same-origin DIP popup", False, GIVEN),
        ("DIP opener / same-origin popup without DIP", False, DENIED),
        ("no-DIP opener / cross-site DIP popup", False, DENIED),
        ("COI opener / same-origin DIP popup", True, DENIED),
    ],
)
def test_windows_keep_their_opener_and_reach_their_own_agent_cluster(sentence: str, null: bool, access: str) -> None:
    found = ruled("dip", subtest=sentence)
    assert found["opener_is_null"] is null
    if not null:
        assert found["opener.document"] == found["popup.document"] == access


@pytest.mark.parametrize(
    ("sentence", "name", "value"),
    [
        ("about:srcdoc child of a DIP document", "accessible", True),
        ("about:blank child of a no-DIP document", "inherits_policy", True),
        ("popup's initial about:blank -> cross-site page", "window_reused", False),
        ("popup's initial about:blank -> same-origin isolate-and-credentialless page", "window_reused", False),
        ("no-DIP document", "originAgentCluster", False),
        ("COI document", "originAgentCluster", True),
        ("isolate-and-credentialless document", "crossOriginIsolated", True),
        ("no-DIP page runs javascript: URL in same-origin frame", "runs", True),
        ("DIP page runs javascript: URL in cross-site DIP frame", "runs", False),
        ("postMessage(WebAssembly.Module) to cross-site frame", "event", "messageerror"),
    ],
)
def test_other_sentences(sentence: str, name: str, value: object) -> None:
    assert ruled("dip", subtest=sentence)[name] == value


def test_a_blob_document_has_its_makers_policy() -> None:
    found = ruled("dip", subtest="blob: document from DIP creator", document={"dip": "isolate-and-require-corp"})
    assert (found["creator_no_cors_without_corp"], found["blob_no_cors_cross_site_without_corp"]) == (
        "blocked",
        "blocked",
    )
    assert found["blob_no_cors_same_origin_without_corp"] == "loaded"
    found = ruled("dip", subtest="blob: document from sandboxed DIP creator", document={"dip": "none"})
    assert found["creator_no_cors_without_corp"] == found["blob_no_cors_without_corp"] == "loaded"


@pytest.mark.parametrize(
    ("sentence", "setting", "message"),
    [
        ("", {}, "the row's subtest says '', which is not known"),
        ("DIP worker", {}, "'DIP worker', which is not known"),
        ("DIP document", {"document": {}}, "the row has document, which is not known"),
        ("blob: document from DIP creator", {"document": {"moon": "full"}}, "document.moon"),
    ],
)
def test_unknown_words_are_refused(sentence: str, setting: dict[str, Any], message: str) -> None:
    with pytest.raises(NotStagedError, match=message):
        ruled("dip", subtest=sentence, **setting)
