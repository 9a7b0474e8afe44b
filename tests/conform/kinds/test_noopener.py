from __future__ import annotations

from typing import Any

import pytest
from kind_world import ruled

from isolab.conform.kinds.ways import RETARGETING
from isolab.conform.reader import NotStagedError


@pytest.mark.parametrize(
    ("way", "state", "null"),
    [
        ({"method": "<form target=_blank>", "rel": None}, "noopener", True),
        ({"method": "<form target=_blank>", "rel": "opener"}, "preserved", False),
        ({"method": "<a target=help>", "rel": "help"}, "preserved", False),
        ({"method": "<a <base target=help>>", "rel": "NOREFERRER"}, "noopener", True),
        ({"method": "window.open", "features": "width=9 noreferrer"}, "noopener", True),
        ({"method": "window.open", "features": "noopener=error"}, "preserved", False),
    ],
)
def test_what_comes_of_each_way(way: dict[str, object], state: str, null: bool) -> None:
    found = ruled("noopener", open=way, popup={"relation": "cross-site", "coop": None})
    assert (found["state"], found["opener_in_popup"]) == (state, not null)
    assert found["window_open_returns_null"] is null


def test_an_opener_policy_cuts_what_is_not_refused() -> None:
    found = ruled("noopener", open={"name": "help"}, popup={"coop": "same-origin"})
    assert (found["state"], found["name"]) == ("severed", "")
    found = ruled("noopener", open={"name": "help", "features": "noopener"}, popup={})
    assert (found["state"], found["name"]) == ("noopener", "help")


@pytest.mark.parametrize(("features", "reused"), [("noreferrer=0", True), ("noopener=7", False)])
def test_a_name_is_looked_up_where_an_opener_is_wanted(features: str, reused: bool) -> None:
    found = ruled("noopener", open={"method": RETARGETING, "features": features})
    assert found["existing_window_reused_and_keeps_opener"] is reused
    assert found["window_open_returns_null"] is not reused


@pytest.mark.parametrize("target", ["_SELF", "_parent"])
def test_targets_around_the_document_are_returned(target: str) -> None:
    found = ruled("noopener", open={"target": target, "features": "noreferrer"})
    assert found == {"window_open_returns_null": False, "returned": "the targeted window itself"}


@pytest.mark.parametrize(
    ("way", "relation", "told"),
    [
        ({"features": "noopener"}, "same-origin", "https://app.example/opener"),
        ({"features": "noopener"}, "cross-site", "https://app.example/"),
        ({"features": "noreferrer"}, "cross-site", ""),
        ({"method": "<a target=_blank>", "rel": "opener noreferrer"}, "same-origin", ""),
    ],
)
def test_what_the_window_learns_of_its_opener(way: dict[str, object], relation: str, told: str) -> None:
    assert ruled("noopener", open=way, popup={"relation": relation})["referrer"] == told


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"open": {"method": "drag"}}, "open.method is 'drag', which is not known"),
        ({"open": {}, "via": "menu"}, "the row has via, which is not known"),
        ({"open": {"method": "window.open", "rel": "opener"}}, "the row has open.rel, which is not known"),
    ],
)
def test_unknown_words_are_refused(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(NotStagedError, match=message):
        ruled("noopener", **setting)
