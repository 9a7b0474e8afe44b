from __future__ import annotations

from typing import Any

import pytest
from kind_world import ruled

from isolab.conform.reader import NotStagedError

COI = {"coop": "same-origin", "coep": "credentialless"}
FRAME = {"coep": "require-corp", "corp": "cross-origin"}
FEATURE = "cross-origin-isolated"


@pytest.mark.parametrize(
    ("document", "isolated"),
    [
        (COI, True),
        ({**COI, "scheme": "http"}, False),
        ({**COI, "coop": "same-origin-allow-popups"}, False),
        ({**COI, "coop": "noopener-allow-popups"}, False),
        ({"coop": "same-origin", "coep": "none"}, False),
        ({**COI, "permissions_policy": f"{FEATURE}=()"}, False),
        ({"dip": "isolate-and-require-corp"}, True),
        ({"dip": "none"}, False),
        ({"dip": "isolate-and-require-corp", "coop": "unsafe-none"}, True),
    ],
)
def test_a_page_and_all_that_its_isolation_gives(document: dict[str, str], isolated: bool) -> None:
    found = ruled("coi", document=document)
    assert found == {
        "crossOriginIsolated": isolated,
        "typeof_SharedArrayBuffer": "function" if isolated else "undefined",
        "shared_memory_clone": "allowed" if isolated else "DataCloneError",
        "timer_min_resolution_us": 5 if isolated else 100,
    }


@pytest.mark.parametrize(
    ("parent", "frame", "isolated"),
    [
        ({}, {"relation": "same-origin"}, True),
        ({}, {"relation": "cross-site", "allow": FEATURE}, True),
        ({}, {"relation": "cross-site", "allow": None}, False),
        ({"permissions_policy": f"{FEATURE}=*"}, {"relation": "same-site"}, False),
        ({"permissions_policy": f"{FEATURE}=*"}, {"relation": "same-site", "allow": FEATURE}, True),
        ({"permissions_policy": f"{FEATURE}=self"}, {"relation": "same-site", "allow": FEATURE}, False),
        ({"permissions_policy": f"{FEATURE}=()"}, {"relation": "same-origin", "allow": FEATURE}, False),
        ({"relation": "cross-site"}, {"relation": "cross-site"}, False),
        ({"relation": "cross-site", "allow": FEATURE}, {"relation": "cross-site"}, True),
        ({}, {"relation": "same-origin", "coep": None}, False),
    ],
)
def test_a_frame_in_a_frame(parent: dict[str, str], frame: dict[str, str], isolated: bool) -> None:
    found = ruled("coi", top=COI, parent_frame=FRAME | parent, iframe=FRAME | frame)
    assert found["crossOriginIsolated"] is isolated


def test_a_popup_is_isolated_by_its_own_headers() -> None:
    found = ruled("coi", opener={}, popup={"relation": "cross-site", **COI}, open={"method": "window.open"})
    assert (found["crossOriginIsolated"], found["window_open_returns_null"], found["state"]) == (
        True,
        False,
        "severed",
    )
    found = ruled("coi", opener=COI, popup={}, open={"features": "noopener"})
    assert (found["crossOriginIsolated"], found["window_open_returns_null"]) == (False, True)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"document": {"origin_agent_cluster": "?1"}}, "document.origin_agent_cluster, which is not known"),
        ({"document": {"scheme": "file"}}, "document.scheme is 'file', which is not known"),
        ({"top": {}, "iframe": {"relation": "near"}}, "iframe.relation is 'near', which is not known"),
        ({"document": {}, "worker": {}}, "the row has worker, which is not known"),
    ],
)
def test_unknown_words_are_refused(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(NotStagedError, match=message):
        ruled("coi", **setting)
