from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.kinds.credentialless import rule
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row


def ruled(**setting: Any) -> dict[str, Any]:
    return {name: ruling.value for name, ruling in rule(Row("x", "credentialless-iframe", setting, {})).items()}


@pytest.mark.parametrize(
    ("kind", "blocked"),
    [
        ("iframe credentialless", False),
        ("credentialless child of plain frame", False),
        ("plain child of credentialless frame", False),
    ],
)
def test_strict_parents_ask_nothing_of_frames_without_credentials(kind: str, blocked: bool) -> None:
    found = ruled(parent={"headers": "COEP require-corp"}, embed={"type": kind, "relation": "cross-site"})
    assert (found["blocked"], found["window.credentialless"], found["cookie_sent"]) == (blocked, True, False)


def test_who_may_be_framed_is_asked_all_the_same() -> None:
    embed = {
        "type": "iframe credentialless",
        "relation": "same-site",
        "headers": "CSP frame-ancestors https://idp.example",
    }
    assert ruled(parent={}, embed=embed)["blocked"] is True


def test_popups_of_frames_without_credentials_have_no_opener() -> None:
    for credentialless in (True, False):
        frame = {"relation_to_top": "cross-site", "credentialless": credentialless}
        found = ruled(iframe=frame, popup={"relation": "cross-site"}, open={"method": "window.open"})
        assert found["window_open_returns_null"] is credentialless


@pytest.mark.parametrize("embed", [{"type": "iframe"}, {"type": "iframe credentialless", "headers": "COEP and more"}])
def test_what_is_not_known_is_refused(embed: dict[str, Any]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        ruled(parent={}, embed={**embed, "moon": 1} if "headers" not in embed else {**embed, "relation": "far"})
