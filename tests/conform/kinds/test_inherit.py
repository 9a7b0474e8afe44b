from __future__ import annotations

from typing import Any

import pytest
from kind_world import ruled

from isolab.conform.kinds.inherit import BLOB, CAME_BACK, INITIAL, JAVASCRIPT
from isolab.conform.reader import NotStagedError

SO, SOAP = {"coop": "same-origin"}, {"coop": "same-origin-allow-popups"}
BY_NAME = "window.open('about:blank', name)"


@pytest.mark.parametrize(
    ("top", "relation", "popup", "closed"),
    [
        (SO, "same-origin", SO, False),
        (SO, "same-origin", {**SO, "coep": "require-corp"}, True),
        ({}, "cross-site", {"relation": "cross-site"}, False),
        (SOAP, "cross-site", SOAP, True),
        (SOAP, "same-origin", {"relation": "cross-site"}, True),
        (SOAP, "cross-site", {"relation": "cross-site"}, False),
    ],
)
def test_a_frame_sends_a_popup_to_a_blank_page(
    top: dict[str, str], relation: str, popup: dict[str, str], closed: bool
) -> None:
    then = {"by": "iframe", "to": "about:blank", "via": BY_NAME}
    found = ruled("inherit", opener=top, iframe={"relation_to_top": relation}, popup=popup, then_navigate=then)
    assert found["popup_closed_seen_by_opener"] is closed
    assert found["opener_null_or_closed_seen_by_popup"] is closed


def test_a_frame_that_gets_no_popup_cannot_send_it_anywhere() -> None:
    then = {"by": "iframe", "to": "about:blank", "via": BY_NAME}
    found = ruled("inherit", opener=SO, iframe={"relation_to_top": "same-site"}, popup={}, then_navigate=then)
    assert (found["state"], "popup_closed_seen_by_opener" in found) == ("noopener", False)


@pytest.mark.parametrize(("relation", "lost"), [("same-origin", False), ("cross-site", True)])
def test_a_frame_sends_its_top_to_a_blank_page(relation: str, lost: bool) -> None:
    then = {"by": "iframe", "target": "_top", "to": "about:blank", "user_activation": True}
    found = ruled("inherit", opener=SO, iframe={"relation_to_top": relation}, popup=SO, then_navigate=then)
    assert found["opener_null_or_closed_seen_by_popup"] is lost


def test_a_window_goes_to_a_page_too() -> None:
    then = {"by": "popup", "to": {"relation": "same-origin", **SO}}
    assert ruled("inherit", opener=SO, popup=SO, then_navigate=then)["state"] == "preserved"
    then = {"by": "opener", "target": "_top", "to": {"relation": "cross-site"}}
    assert ruled("inherit", opener=SO, popup=SO, then_navigate=then)["state"] == "severed"


def test_a_location_is_read_by_the_same_origin_only() -> None:
    then = {"by": "popup", "to": "about:blank"}
    found = ruled("inherit", opener={}, popup={"relation": "same-site"}, then_navigate=then)
    assert (found["popup_closed_seen_by_opener"], found["opener_can_read_popup_location"]) == (False, None)


@pytest.mark.parametrize(
    ("coop", "popup", "kept"),
    [
        ("noopener-allow-popups", {"coop": None, "relation": "cross-site"}, True),
        ("noopener-allow-popups", {"coop": "noopener-allow-popups"}, False),
        ("same-origin", {"coop": "same-origin", "coep": "require-corp"}, False),
    ],
)
def test_a_javascript_document_opens_as_the_one_that_it_replaces(coop: str, popup: dict[str, str], kept: bool) -> None:
    found = ruled("inherit", opener={"coop": coop, "url": JAVASCRIPT}, popup=popup, open={"name": "<unique>"})
    assert (found["opener_in_popup"], found["name_preserved"]) == (kept, kept)


@pytest.mark.parametrize(("method", "kept"), [("form[rel=opener]", True), ("area[rel=noreferrer]", False)])
def test_a_blob_popup_has_its_openers_policies(method: str, kept: bool) -> None:
    found = ruled("inherit", opener={"coep": "require-corp"}, popup={"url": BLOB}, open={"method": method})
    assert (found["opener_in_popup"], found["origin_equals_opener"]) == (kept, True)
    assert found["no_cors_cross_origin_without_corp"] == "blocked"


@pytest.mark.parametrize(
    ("opener", "second", "kept"),
    [(SO, SO, True), (SOAP, {"relation": "cross-site"}, True), (SO, {"relation": "same-origin"}, False)],
)
def test_a_blob_popup_opens_a_second(opener: dict[str, str], second: dict[str, str], kept: bool) -> None:
    then = {"by": "blob popup", "popup": second}
    found = ruled("inherit", opener=opener, popup={"url": BLOB}, then_open=then)
    assert found["blob_popup.opener_in_popup"] is True
    assert found["second_popup.opener_in_popup"] is kept
    assert found["second_popup.popup_closed_seen_by_opener"] is not kept


@pytest.mark.parametrize("stage", [INITIAL, CAME_BACK])
@pytest.mark.parametrize(("coep", "loaded"), [("require-corp", "blocked"), (None, "loaded")])
def test_a_blank_popup_has_its_openers_embedder_policy(stage: str, coep: str | None, loaded: str) -> None:
    found = ruled("inherit", opener={"coep": coep}, popup={"url": "about:blank", "stage": stage})
    assert found["no_cors_cross_origin_without_corp"] == loaded


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"popup": {"url": "data:"}}, "popup.url is 'data:'"),
        ({"popup": {"url": "about:blank", "stage": "later"}}, "popup.stage is 'later'"),
        ({"popup": {"url": BLOB, "coop": "same-origin"}}, "blob: URL, which has no Cross-Origin-Opener-Policy"),
        ({"popup": {"url": BLOB, "relation": "same-site"}}, "popup.relation is 'same-site'"),
        ({"popup": {}, "iframe": {}}, "iframe"),
        ({"popup": {}, "then_navigate": {"to": "about:srcdoc"}}, "then_navigate.to is 'about:srcdoc'"),
        ({"popup": {}, "then_navigate": {"to": "about:blank", "user_activation": False}}, "user_activation is False"),
        ({"popup": {}, "then_open": {"by": "frame"}}, "then_open.by is 'frame'"),
    ],
)
def test_unknown_words_are_refused(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(NotStagedError, match=message):
        ruled("inherit", opener={}, **setting)
