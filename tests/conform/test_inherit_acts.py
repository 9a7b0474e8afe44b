from __future__ import annotations

from typing import Any

import pytest
from conform_rows import PLAIN

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Json, Row
from isolab.conform.staged import Act
from isolab.conform.stages.inherit import act

STRICT = {"parent": {"coep": "require-corp"}}
OPENER = {"coop": None, "coep": "require-corp", "scheme": "https"}
NO_CORP = {"no_cors_same_origin_without_corp": "loaded", "no_cors_cross_site_without_corp": "blocked"}


def expected(expect: dict[str, Json], **setting: Any) -> dict[str, Json]:
    played = act(Row("inherit/a/01", "inherit", setting, expect))
    assert played.scene.case("inherit/a/01").checks
    return played.scene.expect


@pytest.mark.parametrize("url", ["about:blank", "about:srcdoc", "data:", "blob:", "javascript:"])
def test_what_a_frame_loads_stands_beside_a_control(url: str) -> None:
    assert expected(NO_CORP, **STRICT, embed={"type": "iframe", "url": url}) == {
        "page.says.same_origin": "loaded",
        "page.says.cross_site": "blocked",
        "page.says.allowed": "loaded",
    }


def test_a_javascript_url_runs_in_the_document_that_is_there() -> None:
    steps = ["COEP require-corp frame", "javascript: URL"]
    row = Row("a/b/01", "inherit", {"parent": {"coep": None}, "embed": {"type": "iframe", "sequence": steps}}, NO_CORP)
    given = act(row).scene.pages["page"]["with"]
    assert given["steps"] == '["frame-1", "javascript:"]'
    # A document that it made would be text, or an expression with a value.
    assert "<" not in given["does"]
    assert given["does"].endswith("})();")


def test_a_frame_in_the_local_document_stands_beside_a_control() -> None:
    embed = {"type": "iframe", "url": "about:srcdoc", "child": {"type": "iframe", "relation": "same-origin"}}
    assert expected({"blocked_grandchild": True}, **STRICT, embed=embed) == {"page.says.child": "blocked"}


def made_by(via: str, expect: dict[str, Json]) -> Act:
    """Play a blob: document that a frame of another site makes."""
    setting = {**STRICT, "creator": {"relation_to_parent": "cross-site", "via": via}}
    return act(Row("a/b/01", "inherit", {**setting, "embed": {"url": "blob: made by the creator frame"}}, expect))


@pytest.mark.parametrize(("via", "window"), [("subframe", "page"), ("navigate", "page"), ("popup", "popup")])
def test_the_page_lets_the_maker_of_a_blob_in(via: str, window: str) -> None:
    played = made_by(via, {"blob_origin": "creator"})
    assert played.scene.expect == {f"{window}.says.origin": "own"}
    page = played.scene.case("a/b/01").pages["creator"]
    assert page.header("Cross-Origin-Resource-Policy") == "cross-origin"


def test_a_blob_that_is_not_shown_is_told_of_after_frames_that_nothing_blocks() -> None:
    scene = made_by("navigate", {"blob_origin": "creator", **NO_CORP}).scene
    assert scene.pages["page"]["with"]["keys"] == '["origin", "same_origin", "cross_site", "allowed"]'
    control, creator = scene.pages["control"], scene.pages["creator"]
    assert {key: control[key] for key in ("host", "headers")} == {key: creator[key] for key in ("host", "headers")}
    assert "createObjectURL" not in control["html"]


def test_a_popup_of_a_blob_tells_without_an_opener() -> None:
    played = made_by("popup", NO_CORP)
    assert played.scene.expect == {
        "popup.says.same_origin": "loaded",
        "popup.says.cross_site": "blocked",
        "popup.says.allowed": "loaded",
    }
    assert "quiet" not in played.scene.pages["popup"]
    assert played.scene.flow == [{"open": "page"}, {"click": "#go", "opens": "popup"}]


def test_a_javascript_document_opens_as_any_page() -> None:
    opener = {"coop": "same-origin", "url": "javascript: document navigated from a page with this COOP"}
    popup = {**PLAIN, "relation": "same-site"}
    way = {"method": "window.open", "name": "<unique>"}
    expect = {"opener_in_popup": False, "name_preserved": False}
    assert expected(expect, opener=opener, popup=popup, open=way) == {"popup.opener": "severed", "popup.name": ""}


def test_a_blob_popup_opens_another() -> None:
    then = {"by": "blob popup", "popup": {**PLAIN, "relation": "same-site"}}
    expect = {"blob_popup": {"origin_equals_opener": True}, "second_popup": {"opener_in_popup": False}}
    blob = {"url": "blob: created by opener", "relation": "same-origin"}
    assert expected(expect, opener=OPENER, popup=blob, then_open=then) == {
        "popup.domAccess": True,
        "second.opener": "severed",
    }


@pytest.mark.parametrize(
    "stage",
    ["initial empty document", "after navigating away cross-origin and back to about:blank (driven by the COEP page)"],
)
def test_a_blank_popup_tells_its_opener(stage: str) -> None:
    expect = {"no_cors_cross_origin_without_corp": "blocked"}
    assert expected(expect, opener=OPENER, popup={"url": "about:blank", "stage": stage}) == {
        "opener.says.cross_origin": "blocked",
        "opener.says.allowed": "loaded",
    }


def test_a_window_that_nobody_can_close_is_refused() -> None:
    then = {"by": "popup", "to": "about:blank"}
    setting = {"opener": OPENER, "popup": PLAIN, "then_navigate": then}
    assert expected({"popup_closed_seen_by_opener": False}, **setting) == {"opener.says.closed": False}
    with pytest.raises(NotStagedError, match="closed by nobody"):
        expected({"popup_closed_seen_by_opener": True}, **setting)


PLAIN_TOP = {"coep": "require-corp", "note": "same-origin frame inside a no-COEP top"}
BY_TOP = "top (no COEP) via contentDocument.location"


@pytest.mark.parametrize("url", ["data:", "blob:", "about:blank"])
def test_the_top_page_sends_a_frame_over_the_head_of_its_page(url: str) -> None:
    embed = {"type": "iframe", "url": url, "initiator": BY_TOP}
    expect = {"blocked": True, "report": {"type": "coep"}}
    played = act(Row("a/b/01", "inherit", {"parent": PLAIN_TOP, "embed": embed}, expect))
    assert played.scene.expect == {"page.says.blocked": True}
    assert list(played.unseen) == ["report.type"]
    pages = played.scene.case("a/b/01").pages
    sent = {name: pages[name].header("Cross-Origin-Embedder-Policy") for name in ("page", "strict", "free")}
    assert sent == {"page": None, "strict": "require-corp", "free": None}


def test_a_frame_that_the_top_page_sends_elsewhere_twice_is_refused() -> None:
    embed = {"type": "iframe", "sequence": ["frame", "data: URL"], "initiator": BY_TOP}
    with pytest.raises(NotStagedError, match="top page"):
        expected({"blocked": True}, parent=PLAIN_TOP, embed=embed)
