from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.rules import verdicts
from isolab.conform.stages.embed import act
from isolab.explain.explain import explain_case

CHAIN = ["cross-site 302 with CORP same-origin", "same-origin"]


def row(blocked: bool, **setting: Any) -> Row:
    return Row("corp/a/01", "corp", setting, {"blocked": blocked})


@pytest.mark.parametrize(
    "setting",
    [
        {"document": {"scheme": "http"}, "request": {"mode": "no-cors", "redirect_chain": CHAIN}},
        {"document": {"coep": "require-corp"}, "request": {"type": "img", "relation": "same-site"}},
        {"document": {}, "request": {"type": "script", "crossorigin": "anonymous", "relation": "cross-site"}},
        {"parent": {"coep": "require-corp"}, "embed": {"type": "iframe", "relation": "same-site", "corp": "same-site"}},
        {"parent": {"coep": None}, "embed": {"type": "iframe", "relation": "cross-site", "coep": "require-corp"}},
    ],
)
def test_the_scene_is_to_the_rules_what_the_row_is(setting: dict[str, Any]) -> None:
    (verdict,) = verdicts(row(blocked=True, **setting))
    played = act(row(blocked=bool(verdict.ruled), **setting))
    (page,) = explain_case(played.scene.case("a/01")).pages
    assert [(embed.name, embed.load) for embed in page.embeds] == [("it", played.scene.expect["page.it"])]


def test_a_data_frame_tells_of_what_it_fetches_and_of_a_control() -> None:
    page = {"frame": "data: iframe", "scheme": "http"}
    asked = {"mode": "no-cors", "target": "top origin"}
    played = act(row(blocked=True, document=page, request=asked, resource={"corp": "same-site"}))
    assert played.scene.expect == {"page.says.blocked": True}
    case = played.scene.case("a/01")
    found = {name: case.pages[name].header("Cross-Origin-Resource-Policy") for name in ("resource", "control")}
    assert found == {"resource": "same-site", "control": "cross-origin"}
    assert case.pages["page"].url.startswith("http://")


def test_a_data_frame_that_embeds_is_refused() -> None:
    page, asked = {"frame": "data: iframe", "scheme": "http"}, {"type": "img", "target": "top origin"}
    with pytest.raises(NotStagedError, match="data: frame"):
        act(row(blocked=True, document=page, request=asked))
