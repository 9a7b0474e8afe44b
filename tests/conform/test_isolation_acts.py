from __future__ import annotations

from typing import Any

import pytest
from conform_rows import PLAIN, popup_row

from isolab.conform.row import Row
from isolab.conform.stages.isolation import act
from isolab.explain.explain import explain_case

ISOLATING = {"coop": "same-origin", "coep": "require-corp", "scheme": "https"}


def row(expect: dict[str, Any], **setting: Any) -> Row:
    return Row("coi/a/01", "coi", setting, expect)


def test_a_page_is_asked_for_all_that_is_stated_of_it() -> None:
    stated = {
        "crossOriginIsolated": True,
        "typeof_SharedArrayBuffer": "function",
        "shared_memory_clone": "allowed",
        "timer_min_resolution_us": 5,
    }
    assert act(row(stated, document=ISOLATING)).scene.expect == {
        "page.crossOriginIsolated": True,
        "page.SharedArrayBuffer": True,
        "page.sharedMemory": True,
        "page.timers": "fine",
    }


@pytest.mark.parametrize("allow", [None, "cross-origin-isolated"])
def test_the_innermost_frame_is_asked(allow: str | None) -> None:
    frame = {"relation": "cross-site", "coep": "require-corp", "corp": "cross-origin", "allow": allow}
    parent = {"relation": "same-origin", "coep": "require-corp"}
    played = act(row({"crossOriginIsolated": allow is not None}, top=ISOLATING, parent_frame=parent, iframe=frame))
    subject = "top.parent_frame.iframe"
    assert played.scene.expect == {f"{subject}.crossOriginIsolated": allow is not None}
    (page,) = explain_case(played.scene.case("a/01")).pages
    (innermost,) = (embed for embed in page.embeds if embed.name == "parent_frame.iframe")
    assert (innermost.load, innermost.isolated) == ("loaded", allow is not None)


STATED = {"crossOriginIsolated": False, "shared_memory_clone": "DataCloneError"}


def test_a_popup_is_asked_itself() -> None:
    opened = popup_row(
        "coi/a/02",
        opener=ISOLATING,
        popup={**PLAIN, "relation": "cross-site"},
        open={"method": "window.open", "noopener": True},
        expect={**STATED, "window_open_returns_null": True},
    )
    played = act(opened)
    assert played.scene.expect == {
        "popup.opener": "noopener",
        "popup.crossOriginIsolated": False,
        "popup.sharedMemory": False,
    }
    assert played.unseen == {}
