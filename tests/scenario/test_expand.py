from __future__ import annotations

from pathlib import Path

import pytest
from scenario_loading import TAIL, codes, load_text, sample, tail

from isolab.libraries import libraries
from isolab.scenario import expand
from isolab.scenario.expand import combinations
from isolab.scenario.model import ScenarioFile


def test_combinations_leave_out_what_any_pattern_matches() -> None:
    file = ScenarioFile.model_validate(
        {
            "title": "t",
            "pages": {"app": {}},
            "flow": [{"open": "app"}],
            "expect": {"app.open": True},
            "matrix": {"a": [1, 2, 3], "b": [None, "x"]},
            "exclude": [{"a": [1, 2], "b": None}, {"a": 3}],
        }
    )
    assert list(combinations(file)) == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]


def test_a_scenario_without_a_matrix_is_one_case() -> None:
    [case] = sample("headers")
    assert (case.params, "[" in case.id) == ({}, False)


def test_what_is_said_of_the_scenario_is_said_of_each_case() -> None:
    for case in sample("popup"):
        assert (case.title, case.tags, case.timeout_s) == (
            "A popup posts its token to window.opener",
            ("signin", "popup"),
            20,
        )
        assert case.links[0].startswith("https://html.spec.whatwg.org/")
    assert sample("differences")[0].skip == {"webkit": "cannot be driven here"}


def test_a_mistake_in_every_case_is_reported_once(tmp_path: Path) -> None:
    text = f"title: t\nmatrix: {{p: [1, 2, 3]}}{tail('p')}expect: {{login.opener: sever}}\n"
    assert codes(tmp_path, text) == ["wrong-value"]


def test_a_mistake_in_one_case_is_found(tmp_path: Path) -> None:
    text = f"title: t\nmatrix: {{fate: [severed, sever]}}{TAIL}expect: {{login.opener: '${{{{ fate }}}}'}}\n"
    assert codes(tmp_path, text) == ["wrong-value"]


def test_a_case_whose_library_this_machine_has_not_got_is_skipped_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "title: x\npages: {app: {html: hi}, lib: {library: oidc-client-ts}}\n"
        "flow: [open: app]\nexpect: {app.url: app}\nskip: {webkit: elsewhere}\n"
    )
    monkeypatch.setattr(expand, "missing_libraries", lambda: [libraries()["msal-browser-4"]])
    (case,) = load_text(tmp_path, text)
    assert case.skip == {"webkit": "elsewhere"}
    monkeypatch.setattr(expand, "missing_libraries", lambda: [libraries()["oidc-client-ts"]])
    (case,) = load_text(tmp_path, text)
    why = "not on this machine: oidc-client-ts 3.5.0 (`isolab doctor --install` gets it from npm)"
    assert case.skip == {"chromium": why, "firefox": why, "webkit": "elsewhere"}
