"""Rows of the same form as those that the project has, in other combinations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from isolab.conform.kinds.popup import rule
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row

PLAIN = {"coop": None, "coep": None, "scheme": "https"}
OPENED = {"method": "window.open", "name": None, "noopener": False}


def ruled(**setting: object) -> Mapping[str, Any]:
    given = {"opener": PLAIN, "popup": {**PLAIN, "relation": "same-origin"}, "open": OPENED, **setting}
    return {name: ruling.value for name, ruling in rule(Row("x", "popup", given, {})).items()}


def test_isolated_windows_of_one_origin_reach_each_other() -> None:
    isolated = {**PLAIN, "coop": "same-origin", "coep": "credentialless"}
    found = ruled(opener=isolated, popup={**isolated, "relation": "same-origin"})
    assert (found["state"], found["opener_can_access_popup_document"]) == ("preserved", True)
    assert found["crossOriginIsolated_in_opener"] is True


def test_a_linked_window_of_another_origin_is_not_within_reach() -> None:
    found = ruled(popup={**PLAIN, "relation": "same-site"})
    assert (found["opener_in_popup"], found["opener_can_access_popup_document"]) == (True, False)
    assert found["opener_can_access_cross_origin_props"] is True


def test_each_hop_of_a_chain_counts() -> None:
    via = {**PLAIN, "coop": "same-origin", "relation": "cross-site", "status": 307}
    assert ruled(redirect_via=via)["state"] == "severed"


@pytest.mark.parametrize(
    ("features", "fate"), [("noopener", "noopener"), ("noopener=0", "preserved"), ("width=3,noreferrer", "noopener")]
)
def test_window_features_are_read(features: str, fate: str) -> None:
    found = ruled(open={"method": "window.open", "features": features})
    assert (found["state"], found["window_open_returns_null"]) == (fate, fate == "noopener")
    assert ("popup_closed_seen_by_opener" in found) == (fate != "noopener")


def test_a_row_may_say_of_noopener_twice() -> None:
    found = ruled(open={"method": "window.open", "features": "popup,noopener", "noopener": True})
    assert found["state"] == "noopener"


def test_a_frame_that_may_not_open_windows_gets_no_handle() -> None:
    found = ruled(iframe={"relation_to_top": "same-origin", "sandbox": "allow-scripts allow-same-origin"})
    assert (found["state"], found["window_open_returns_null"], found["popup_loads"]) == ("not-loaded", True, False)
    assert "popup_closed_seen_by_opener" not in found


def test_a_foreign_frame_of_a_page_with_coop_gets_no_handle() -> None:
    found = ruled(opener={**PLAIN, "coop": "same-origin"}, iframe={"relation_to_top": "cross-site"})
    assert (found["state"], found["window_open_returns_null"], found["name_preserved"]) == ("noopener", True, False)


@pytest.mark.parametrize("sandbox", ["allow-scripts allow-popups", ""])
def test_what_a_sandboxed_frame_opens_loads_no_page_with_coop(sandbox: str) -> None:
    frame = {"relation_to_top": "same-origin", "sandbox": sandbox}
    popup = {**PLAIN, "coop": "same-origin-allow-popups", "relation": "cross-site"}
    found = ruled(iframe=frame, popup=popup)
    assert (found["popup_loads"], found["state"]) == (False, "not-loaded")


def test_going_back_over_a_switch_mends_nothing() -> None:
    to = {**PLAIN, "coop": "same-origin", "relation": "cross-site"}
    found = ruled(then_navigate={"by": "popup", "to": to, "then": "history.go(-1)"})
    assert (found["state"], found["before.name_preserved"]) == ("severed", True)


@pytest.mark.parametrize(
    "setting",
    [
        {"popup": {**PLAIN, "relation": "far"}},
        {"popup": {**PLAIN, "colour": "red"}},
        {"open": {"method": "telepathy"}},
        {"open": {"noopener": "yes"}},
        {"then_navigate": {"by": "moon", "to": PLAIN}},
    ],
)
def test_what_is_not_known_is_refused(setting: dict[str, object]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        ruled(**setting)
