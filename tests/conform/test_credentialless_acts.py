from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.features import without
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Json, Row
from isolab.conform.stages.credentialless import act
from isolab.scenario.case import Html

STRICT = {"coep": "require-corp"}


def row(expect: dict[str, Json], embed: dict[str, Json], parent: dict[str, Json] | None = None) -> Row:
    setting: dict[str, Json] = {"parent": parent or {}, "embed": embed}
    return Row("credentialless-iframe/a/01", "credentialless-iframe", setting, expect)


def played(expect: dict[str, Json], **embed: Json) -> Any:
    found = act(row(expect, embed, STRICT))
    return found, found.scene.case("a/01")


def text(case: Any, page: str) -> str:
    body = case.pages[page].body
    assert isinstance(body, Html)
    return body.text


def test_a_frame_with_the_attribute_is_an_embed_of_the_page() -> None:
    found, case = played({"blocked": False}, type="iframe credentialless", relation="same-site")
    assert found.scene.expect == {"page.it": "loaded"}
    assert dict(case.pages["page"].embeds[0].attributes) == {"credentialless": ""}


def test_what_is_no_matter_of_isolation_is_told_by_the_page() -> None:
    found, case = played({"blocked": True}, type="iframe credentialless", headers="CSP frame-ancestors 'none'")
    assert found.scene.expect == {"page.says.loads": False}
    assert found.claims == {"blocked": "page.says.loads"}
    assert case.pages["it"].header("Content-Security-Policy") == "frame-ancestors 'none'"
    assert case.pages["control"].header("Content-Security-Policy") is None


def test_a_frame_in_a_frame_stands_beside_another_in_one() -> None:
    found, case = played({"blocked": False}, type="plain iframe nested in credentialless iframe")
    assert found.scene.expect == {"page.says.loads": True}
    assert '"attributes": {"credentialless": ""}' in text(case, "page")
    assert "credentialless" not in text(case, "around-it")
    assert case.pages["around-control"].header("Cross-Origin-Embedder-Policy") == "require-corp"


@pytest.mark.parametrize(
    ("kind", "element", "window"),
    [("plain child of credentialless frame", False, True), ("credentialless child of plain frame", True, True)],
)
def test_element_and_window_tell_what_they_are(kind: str, element: bool, window: bool) -> None:
    expect = {"iframe.credentialless": element, "window.credentialless": window}
    found, _ = played(expect, type=kind)
    assert found.scene.expect == {"page.says.element": element, "page.says.window": window}


def test_the_cookie_is_set_by_a_page_that_is_visited_first() -> None:
    found, _ = played({"cookie_sent": False}, type="iframe credentialless", relation="same-site")
    assert found.scene.flow == [{"open": "jar"}, {"open": "page"}]
    assert found.scene.expect == {"page.says.cookie": False}


def test_to_an_engine_without_the_attribute_it_is_a_plain_frame() -> None:
    bare = without(row({"blocked": False}, {"type": "iframe credentialless"}, STRICT), "credentialless-frames")
    assert bare is not None
    assert bare.expect == {"blocked": True}
    nested = {"type": "plain iframe nested in credentialless iframe"}
    inner = without(row({"blocked": False}, nested, STRICT), "credentialless-frames")
    assert inner is not None
    assert inner.expect == {"blocked": True}
    assert without(row({"blocked": True}, {"type": "plain iframe"}, STRICT), "credentialless-frames") is None


def test_another_kind_of_frame_is_refused() -> None:
    with pytest.raises(NotStagedError, match="fencedframe"):
        act(row({"blocked": True}, {"type": "fencedframe"}))
