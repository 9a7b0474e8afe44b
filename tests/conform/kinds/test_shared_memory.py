from __future__ import annotations

from typing import Any

import pytest
from kind_world import ruled

from isolab.conform.reader import NotStagedError

COI = {"coop": "same-origin", "coep": "credentialless"}
WORKERS = ["dedicated worker", "shared worker", "service worker"]


@pytest.mark.parametrize("name", ["window", *WORKERS])
def test_a_global_that_is_isolated_and_one_that_is_not(name: str) -> None:
    found = ruled("sab", globals=[name], document=COI)
    assert found["crossOriginIsolated"] is found["'SharedArrayBuffer' in globalThis"] is True
    assert found["BroadcastChannel.postMessage(sab)"] == found["MessageChannel.postMessage(sab)"] == "shared"
    found = ruled("sab", globals=[name], document={"coop": "same-origin"})
    assert found["crossOriginIsolated"] is found["'SharedArrayBuffer' in globalThis"] is False
    assert found["BroadcastChannel.postMessage(sab)"] == found["MessageChannel.postMessage(sab)"] == "DataCloneError"
    assert ("self.postMessage(sab)" in found) is (name == "window")
    assert found["WebAssembly.Memory({shared:true}).buffer"] == "still obtainable"


def test_several_globals_must_find_the_same() -> None:
    assert ruled("sab", globals=["window", *WORKERS], document=COI)["crossOriginIsolated"] is True
    # A shared worker is isolated by its own embedder policy, whatever the opener policy of the page is.
    with pytest.raises(NotStagedError, match="the row's globals differ in crossOriginIsolated"):
        ruled("sab", globals=["window", "shared worker"], document={"coep": "require-corp"})


def test_isolated_pages_have_domains_that_cannot_be_set() -> None:
    sentence = "document.domain set on both sides, cross-site iframe"
    found = ruled("sab", subtest=sentence, document=COI, iframe={"relation": "cross-site"})
    assert found == {
        "document.domain": "setter is a no-op",
        "crossOriginIsolated_in_iframe": False,
        "SharedArrayBuffer_in_iframe": False,
    }
    plain = ruled("sab", subtest=sentence, document={}, iframe={"relation": "same-site"})
    assert plain["document.domain"] == "setter works"


def test_shared_memory_is_never_transferred_or_stored() -> None:
    found = ruled("sab", document={})
    assert set(found.values()) == {"DataCloneError"}
    assert len(found) == 2


@pytest.mark.parametrize(
    ("subtest", "setting", "message"),
    [
        ("", {"globals": ["worklet"]}, "says 'worklet', which is not known"),
        ("", {"globals": []}, r"globals is \[\], which is not known"),
        ("dedicated worker", {"worker": {}}, "the row has worker, which is not known"),
        ("document.domain set on both sides, far iframe", {"iframe": {"relation": "far"}}, "'far iframe'"),
    ],
)
def test_unknown_words_are_refused(subtest: str, setting: dict[str, Any], message: str) -> None:
    with pytest.raises(NotStagedError, match=message):
        ruled("sab", subtest=subtest, document=COI, **setting)
