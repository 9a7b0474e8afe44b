from __future__ import annotations

from typing import Any

import pytest
from conform_rows import PLAIN

from isolab.conform.kinds.ways import RETARGETING
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.stages.noopener import act
from isolab.scenario.case import Click, Html, Popup


def row(expect: dict[str, Any], **opened: object) -> Row:
    setting = {"opener": PLAIN, "open": opened, "popup": {"relation": "same-origin", "coop": None}}
    return Row("noopener/a/01", "noopener", setting, expect)


@pytest.mark.parametrize(
    ("method", "rel", "markup"),
    [
        ("<a target=_blank>", "opener", '<a id="opens" href="${{ url.popup }}" target="_blank" rel="opener"></a>'),
        ("<a <base target=_blank>>", None, '<base target="_blank">'),
        ("<area target=_blank>", 'x"', 'target="_blank" rel="x&quot;"></area></map>'),
        ("<form target=_blank>", None, '<form id="opens" action="${{ url.popup }}" target="_blank"></form>'),
    ],
)
def test_an_element_is_written_into_the_page_and_clicked(method: str, rel: str | None, markup: str) -> None:
    played = act(row({"opener_in_popup": False}, method=method, rel=rel))
    case = played.scene.case("a/01")
    body = case.pages["opener"].body
    assert isinstance(body, Html)
    assert markup in body.text
    assert isinstance(case.steps[1], Click)
    assert played.scene.expect == {"popup.opener": "noopener"}


def test_window_features_are_given_as_they_are() -> None:
    stated = {"opener_in_popup": False, "name": "", "referrer": ""}
    played = act(row(stated, method="window.open", name="mine", features="noreferrer"))
    (_, opened) = played.scene.case("a/01").steps
    assert isinstance(opened, Popup)
    assert (opened.target, opened.features) == ("mine", "noreferrer")
    assert played.scene.expect == {"popup.opener": "noopener", "popup.name": ""}
    assert played.unseen == {"referrer": "nothing in the flow shows it"}


@pytest.mark.parametrize("target", ["_self", "_parent", "_top"])
def test_a_window_tells_what_it_gets_for_itself(target: str) -> None:
    stated = {"window_open_returns_null": False, "returned": "the targeted window itself"}
    played = act(row(stated, method="window.open", target=target, features="noopener"))
    assert played.scene.expect == {"opener.says.null": False, "opener.says.itself": True}
    body = played.scene.case("a/01").pages["opener"].body
    assert isinstance(body, Html)
    assert f'open("#here", "{target}", "noopener")' in body.text


def test_a_window_of_that_name_is_used_again() -> None:
    stated = {"window_open_returns_null": False, "existing_window_reused_and_keeps_opener": True}
    played = act(row(stated, method=RETARGETING, features="noopener=0"))
    assert played.scene.expect == {"second.opener": "preserved", "first.url": "second", "first.opener": "preserved"}
    assert [next(iter(step)) for step in played.scene.flow] == ["open", "popup", "popup"]


def test_what_is_returned_beside_a_window_of_that_name_is_told_by_the_page() -> None:
    played = act(row({"window_open_returns_null": True, "state": "noopener"}, method=RETARGETING, features="noopener"))
    assert played.scene.expect == {"opener.says.null": True}
    assert played.scene.case("a/01").pages["opener"].quiet
    assert list(played.unseen) == ["state"]


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(NotStagedError):
        act(row({"window_open_returns_null": False}, method="a carrier pigeon"))
