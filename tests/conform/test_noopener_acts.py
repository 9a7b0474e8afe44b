from __future__ import annotations

from typing import Any

import pytest
from conform_rows import PLAIN

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


@pytest.mark.parametrize(
    "opened",
    [
        {"method": "window.open", "target": "_self", "features": "noopener"},
        {"method": "window.open re-targeting an existing named window", "features": "noopener=0"},
        {"method": "a carrier pigeon"},
    ],
)
def test_what_no_flow_shows_is_refused(opened: dict[str, str]) -> None:
    with pytest.raises(NotStagedError):
        act(row({"window_open_returns_null": False}, **opened))
