from __future__ import annotations

from typing import Any

import pytest
from conform_rows import PLAIN, popup_row

from isolab.conform.kinds.popup import WRITES_FIRST
from isolab.conform.row import Row
from isolab.conform.stage import act
from isolab.conform.staged import Act
from isolab.scenario.case import Fixture, Html

SEEN = {"popup_closed_seen_by_opener": True, "name_seen_by_opener": None}


def played(expect: dict[str, Any], **popup: Any) -> Act:
    return act(popup_row("a/b/01", popup={**PLAIN, "coop": "same-origin", **popup}, expect=expect))


@pytest.mark.parametrize(
    ("document", "content_type"),
    [
        ("/common/dummy.xml (xml)", "application/xml"),
        ("/common/text-plain.txt (text)", "text/plain"),
        ("/media/2x2-green.mp4 (video)", "video/mp4"),
        ("multipart/x-mixed-replace", "multipart/x-mixed-replace; boundary=part-of-the-popup"),
    ],
)
def test_of_what_is_no_page_its_opener_tells(document: str, content_type: str) -> None:
    found = played(SEEN, document=document)
    assert found.scene.expect == {"opener.says.closed": True, "opener.says.name": "none"}
    case = found.scene.case("a/b/01")
    popup = case.pages["popup"]
    assert (popup.header("Content-Type"), popup.header("Cross-Origin-Opener-Policy")) == (content_type, "same-origin")
    assert case.pages["opener"].quiet
    assert case.pages["control"].header("Cross-Origin-Opener-Policy") == "same-origin"


def test_an_image_is_one() -> None:
    body = played(SEEN, document="/images/red.png (image)").scene.case("a/b/01").pages["popup"].body
    assert body == Fixture("image")


def test_a_part_has_headers_of_its_own() -> None:
    found = played(SEEN, document="multipart/x-mixed-replace", body_part_coop="same-origin-allow-popups")
    body = found.scene.case("a/b/01").pages["popup"].body
    assert isinstance(body, Html)
    assert "\r\nCross-Origin-Opener-Policy: same-origin-allow-popups\r\n\r\n" in body.text


def test_a_service_worker_answers_for_the_popup_only() -> None:
    worker = {"served_by": "service worker synthetic response", "service_worker_script_headers": "COOP+COEP"}
    found = played({"state": "severed"}, **worker)
    assert found.scene.flow[0] == {"open": "before"}
    assert found.scene.flow[-1]["from"] == "opener"
    page = found.scene.case("a/b/01").pages["worker"]
    assert page.header("Cross-Origin-Embedder-Policy") == "require-corp"
    assert isinstance(page.body, Html)
    assert 'serveAt({"path": "/popup"})' in page.body.text


def test_a_popup_goes_and_comes_back() -> None:
    then = {"by": "popup", "to": {**PLAIN, "coop": "same-origin", "relation": "cross-site"}, "then": "history.go(-1)"}
    found = act(popup_row("a/b/01", then_navigate=then, expect={"state": "severed"}))
    assert found.scene.flow[-1] == {"click": "#back", "in": "popup", "loads": "popup"}
    assert found.scene.case("a/b/01").checks


def test_the_opener_of_a_second_popup_goes_elsewhere() -> None:
    setting = {
        "opener": {**PLAIN, "coop": "same-origin"},
        "popup": {**PLAIN, "coop": "same-origin"},
        "then_navigate": {"by": "middle popup (opener of the second popup)", "to": PLAIN},
    }
    expect = {"opener_in_second_popup": False, "first_popup_closed_seen_by_main": True}
    found = act(Row("a/b/01", "opener-navigates", setting, expect))
    assert found.scene.expect == {"second.opener": "severed", "first.closed": True}
    assert found.scene.case("a/b/01").checks


def test_a_page_writes_into_a_popup_before_it_goes_on() -> None:
    way = {"method": WRITES_FIRST}
    found = act(popup_row("a/b/01", open=way, expect={"state": "severed", "popup_closed_seen_by_opener": True}))
    assert found.scene.expect == {"popup.opener": "severed", "popup.closed": True}
    page = found.scene.case("a/b/01").pages["opener"].body
    assert isinstance(page, Html)
    assert page.text.index("document.write(") < page.text.index("document.close()")
    assert found.scene.flow == [{"open": "opener"}, {"click": "#go", "opens": "popup"}]
