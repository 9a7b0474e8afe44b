from __future__ import annotations

from pathlib import Path

import pytest

from isolab.conform.reader import NotStagedError
from isolab.conform.scene import Scene, save
from isolab.policy.response import Hop
from isolab.policy.terms import Origin
from isolab.scenario.case import Redirect
from isolab.scenario.load import load_scenarios

APP, IDP = Origin("https", "app.example"), Origin("http", "idp.example")


def scene() -> Scene:
    made = Scene("two windows")
    made.page("app", Hop(f"{APP}/app", APP, 200, (("Cross-Origin-Opener-Policy", "same-origin"), ("X-A", "1"))))
    hops = [
        Hop(f"{IDP}/via", IDP, 307, (("X-A", "1"), ("Location", "/next"), ("X-A", "\v2"))),
        Hop(f"{APP}/end", APP, 404),
    ]
    made.flow = [{"open": "app"}, {"popup": "end", "page": made.way("end", hops)}]
    made.expect = {"end.opener": "severed"}
    return made


def test_what_is_served_is_what_the_responses_say() -> None:
    pages = scene().case("a/01").pages
    assert pages["app"].url == "https://app.example/app"
    assert pages["app"].headers == (("Cross-Origin-Opener-Policy", "same-origin"), ("X-A", "1"))
    via = pages["end-via-1"]
    assert (via.url, via.status, via.body) == ("http://idp.example/via", 307, Redirect("end"))
    assert via.headers == (("X-A", "1"), ("X-A", "\v2"))
    assert (pages["end"].url, pages["end"].status) == ("https://app.example/end", 404)


def test_the_case_has_the_rows_id_and_a_saved_file_is_the_same_case(tmp_path: Path) -> None:
    case = scene().case("popup/a/01")
    assert case.id == "popup/a/01"
    assert save(scene(), tmp_path, "..\\a:\x1b?").name == "...a....yaml"
    path = save(scene(), tmp_path / "new", "popup/a/01")
    assert path.name == "popup.a.01.yaml"
    (saved,) = load_scenarios([path])
    assert (saved.pages, saved.steps, saved.checks) == (case.pages, case.steps, case.checks)


def test_what_the_lab_cannot_play_is_refused_in_its_words() -> None:
    made = scene()
    made.pages["app"]["headers"] = {"X-A": "a\nb"}
    with pytest.raises(NotStagedError, match=r"a header value cannot hold U\+000A"):
        made.case("a/01")


def test_a_scene_in_which_nothing_is_expected_is_refused() -> None:
    made = scene()
    made.expect = {}
    with pytest.raises(NotStagedError, match="nothing that the row states can be observed yet"):
        made.case("a/01")
