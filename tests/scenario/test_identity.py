from __future__ import annotations

from pathlib import Path

import pytest
from scenario_loading import TAIL, load_text, sample

from isolab.scenario.case import Scalar
from isolab.scenario.identity import case_id, scenario_id, split_id
from isolab.scenario.load import load_scenarios
from isolab.scenario.problem import ScenarioErrors

GOOD = f"title: t{TAIL}expect: {{login.opener: severed}}\n"


def test_relative_to_the_nearest_scenarios_folder(tmp_path: Path) -> None:
    assert scenario_id(tmp_path / "scenarios" / "old" / "scenarios" / "signin" / "x.y.yaml") == "signin/x.y"


def test_else_relative_to_the_current_folder_else_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "here"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert scenario_id(Path("a/b.yaml")) == "a/b"
    assert scenario_id(tmp_path / "c.yaml") == "c"


def test_values_are_printed_so_that_they_can_be_told_apart() -> None:
    params = {"a": None, "b": True, "c": 1, "d": "x y", "e": "", "f": "p=1,[2]", "g": "plain", "h": 'say "é" now'}
    assert case_id("s", params) == ('s[a=absent,b=true,c=1,d="x y",e="",f="p=1,[2]",g=plain,h="say \\"é\\" now"]')
    assert case_id("s", {"a": "\v\x01", "b": "\xff"}) == 's[a="\\u000b\\u0001",b=\xff]'
    assert case_id("s", {}) == "s"


@pytest.mark.parametrize("scenario", ["signin/popup", "app/[slug]/popup", "pages/[id]", "[all]"])
@pytest.mark.parametrize("params", [{}, {"app.coop": None}, {"a": "[b=c]", "d": "x/y"}, {"a": "]["}])
def test_an_id_is_taken_apart_as_it_was_put_together(scenario: str, params: dict[str, Scalar]) -> None:
    assert split_id(case_id(scenario, params)) == (scenario, case_id("", params))


def test_the_last_parameter_runs_fastest() -> None:
    assert [case.id.rpartition("/")[2] for case in sample("popup")] == [
        "popup[app.coop=absent,relation=cross-site]",
        "popup[app.coop=same-origin,relation=same-origin]",
        "popup[app.coop=same-origin,relation=cross-site]",
    ]


def test_two_files_with_one_id(tmp_path: Path) -> None:
    for name in ("x.yaml", "x.yml"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(ScenarioErrors, match="two cases have the id") as caught:
        load_scenarios([tmp_path])
    assert [problem.code for problem in caught.value.problems] == ["same-id"]


def test_a_file_named_twice_is_loaded_once(tmp_path: Path) -> None:
    load_text(tmp_path, GOOD)
    assert len(load_scenarios([tmp_path / "x.yaml", tmp_path, tmp_path / "x.yaml"])) == 1
