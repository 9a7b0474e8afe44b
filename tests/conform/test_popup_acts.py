from __future__ import annotations

from typing import Any

import pytest
from conform_rows import PLAIN, popup_row

from isolab.conform.kinds.popup import WRITES_FIRST
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Json
from isolab.conform.stages.popup import NAME, act
from isolab.scenario.case import Navigate, Popup

SEVERED = {"opener_in_popup": False, "state": "severed", "popup_closed_seen_by_opener": True, "name_preserved": False}


def named(**more: object) -> dict[str, object]:
    return {"method": "window.open", "name": "<unique>", "noopener": False, **more}


def expected(**parts: Any) -> dict[str, Json]:
    return act(popup_row(**parts)).scene.expect


def test_each_observation_stands_on_a_check() -> None:
    played = act(popup_row(open=named(), expect=SEVERED))
    assert played.scene.expect == {"popup.opener": "severed", "popup.closed": True, "popup.name": ""}
    assert played.claims == {
        "opener_in_popup": "popup.opener",
        "state": "popup.opener",
        "popup_closed_seen_by_opener": "popup.closed",
        "name_preserved": "popup.name",
    }
    assert played.unseen == {}


def test_a_name_that_is_kept_is_the_one_that_was_given() -> None:
    assert expected(open=named(), expect={"name_preserved": True}) == {"popup.name": NAME}
    assert expected(open=named(name="mine"), expect={"name_preserved": True}) == {"popup.name": "mine"}


@pytest.mark.parametrize(
    ("opened", "stated", "fate"),
    [
        ({}, {"opener_in_popup": True}, "preserved"),
        ({}, {"opener_in_popup": False}, "severed"),
        ({}, {"opener_in_popup": False, "window_open_returns_null": True}, "noopener"),
        ({"noopener": True}, {"opener_in_popup": False}, "noopener"),
        ({"features": "noreferrer"}, {"opener_in_popup": False}, "noopener"),
    ],
)
def test_without_a_state_it_follows_from_what_is_stated(
    opened: dict[str, object], stated: dict[str, object], fate: str
) -> None:
    assert expected(open=named(**opened), expect=stated) == {"popup.opener": fate}


def test_redirects_and_later_pages_are_in_the_flow() -> None:
    via = {**PLAIN, "coop": "same-origin", "relation": "cross-site", "status": 302}
    then = {"by": "opener", "to": {**PLAIN, "coop": "unsafe-none", "relation": "same-site"}}
    case = act(popup_row(redirect_via=via, then_navigate=then)).scene.case("a/01")
    opened, went = (step for step in case.steps if isinstance(step, Popup | Navigate))
    assert isinstance(opened, Popup)
    assert isinstance(went, Navigate)
    assert (opened.page, went.page, went.by) == ("popup-via-1", "later-1", "opener")
    assert case.pages["popup-via-1"].header("Cross-Origin-Opener-Policy") == "same-origin"
    assert case.pages["later-1"].url == "https://login.app.example/later"


def test_a_popup_whose_length_counts_has_a_frame() -> None:
    case = act(popup_row(expect={"popup_length_seen_by_opener": 1})).scene.case("a/01")
    assert [embed.kind for embed in case.pages["popup"].embeds] == ["iframe"]


@pytest.mark.parametrize(("method", "by"), [("window.open", "window.open"), ("form-GET", "link")])
def test_a_frame_opens_the_popup_in_its_way(method: str, by: str) -> None:
    frame = {"relation_to_top": "cross-site", "sandbox": "allow-scripts allow-popups"}
    played = act(popup_row(iframe=frame, open={"method": method}))
    (opened,) = (step for step in played.scene.case("a/01").steps if isinstance(step, Popup))
    assert (opened.opener, opened.frame, opened.by, opened.rel) == (
        "opener",
        ("frame",),
        by,
        "opener" if by == "link" else "",
    )
    assert played.scene.pages["opener"]["embed"] == {
        "frame": {"iframe": "frame", "sandbox": "allow-popups allow-scripts"}
    }


@pytest.mark.parametrize(
    "parts",
    [
        {"iframe": {"srcdoc": True}},
        {"popup": {**PLAIN, "document": "a hologram"}},
        {"popup": {**PLAIN, "served_by": "a butler"}},
        {"open": {"method": WRITES_FIRST}, "iframe": {"relation_to_top": "same-site"}},
        {"expect": {"state": "severed", "opener_in_popup": True}},
    ],
)
def test_what_no_flow_can_do_yet_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(NotStagedError):
        act(popup_row(**parts))


def test_what_no_check_shows_is_told() -> None:
    assert act(popup_row(expect={"state": "preserved", "before": {}})).unseen == {
        "before": "nothing in the flow shows it"
    }


@pytest.mark.parametrize(
    ("expect", "fate"),
    [
        ({"window_open_returns_null": False}, "preserved"),
        ({"window_open_returns_null": False, "opener_in_popup": False}, "severed"),
        ({"window_open_returns_null": False, "state": "severed"}, "severed"),
        ({"window_open_returns_null": True}, "noopener"),
    ],
)
def test_a_handle_that_is_there_is_kept_or_severed(expect: dict[str, Any], fate: str) -> None:
    assert act(popup_row(expect=expect)).scene.expect == {"popup.opener": fate}
