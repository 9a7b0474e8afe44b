from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.stages.shared_memory import act

ISOLATED = {"coop": "same-origin", "coep": "require-corp"}


def row(subtest: str = "", *, expect: dict[str, Any] | None = None, **setting: Any) -> Row:
    return Row("sab/a/01", "sab", {"document": ISOLATED, **setting}, expect or {"result": "shared"}, subtest=subtest)


@pytest.mark.parametrize(
    ("sentence", "receivers"),
    [
        ("dedicated worker", ["receiver-1"]),
        ("cross-site iframe posts/receives", ["receiver-1"]),
        ("deeply nested same-origin iframe", ["receiver-1", "outer-receiver-1"]),
        ("same-origin opened window (also COOP+COEP)", ["receiver-1"]),
        ("nested dedicated workers", ["receiver-1", "sender"]),
        ("BroadcastChannel to three same-origin iframes", ["receiver-1", "receiver-2", "receiver-3"]),
        (
            "BroadcastChannel: same-origin iframe gets it, shared worker gets messageerror",
            ["receiver-1", "receiver-2"],
        ),
    ],
)
def test_each_receiver_has_a_page_and_the_page_says_the_result(sentence: str, receivers: list[str]) -> None:
    played = act(row(sentence))
    assert set(played.scene.pages) == {"page", *receivers}
    assert played.claims == {"result": "page.says.result"}
    assert played.scene.case("a/01").checks[0].expected == "shared"


def test_a_window_that_receives_is_opened_by_the_page() -> None:
    played = act(row("same-origin opened window (also COOP+COEP)"))
    assert played.scene.flow == [{"open": "page"}, {"popup": "receiver-1"}]


def test_a_frame_that_posts_back_may_be_isolated() -> None:
    assert 'allow="cross-origin-isolated"' in act(row("cross-site iframe posts/receives")).scene.pages["page"]["html"]
    assert "allow=" not in act(row("cross-site iframe")).scene.pages["page"]["html"]


def test_every_global_of_a_row_is_asked() -> None:
    expect = {"crossOriginIsolated": False, "self.postMessage(sab)": "DataCloneError", "tea": 1}
    played = act(row(globals=["window", "shared worker"], document={}, expect=expect))
    assert played.scene.flow == [{"open": "window"}, {"open": "shared"}]
    assert played.scene.expect["shared.says.crossOriginIsolated"] is False
    assert played.claims["crossOriginIsolated"] == "window.says.crossOriginIsolated"
    assert list(played.unseen) == ["tea"]


def test_what_no_scene_has_is_refused() -> None:
    with pytest.raises(NotStagedError, match="posts to itself"):
        act(row("window"))
    with pytest.raises(NotStagedError, match="tea"):
        act(row("dedicated worker", tea=True))


def test_domains_and_what_is_never_done_are_played_too() -> None:
    domain = row("document.domain set on both sides, same-site iframe", iframe={"relation": "same-site"})
    expect = {"document.domain": "setter is a no-op", "crossOriginIsolated_in_iframe": False}
    played = act(Row("sab/a/02", "sab", domain.setting, expect, subtest=domain.subtest))
    assert played.scene.expect == {"page.says.domain": "setter is a no-op", "page.says.crossOriginIsolated": False}
    never = act(row(expect={"transfer of SharedArrayBuffer": "DataCloneError"}))
    assert never.scene.expect == {"page.says.transfer": "DataCloneError"}
