from __future__ import annotations

from pathlib import Path

import pytest
from scenario_loading import TAIL, codes, load_text, tail


@pytest.mark.parametrize("where", ["html", "with", "headers", "embed"])
def test_the_lab_fills_in_urls_and_origins_in_these_places(tmp_path: Path, where: str) -> None:
    page = {
        "html": "{html: '${{ url.app }} ${{ origin.app }}'}",
        "with": "{with: {next: '${{ url.app }}'}}",
        "headers": "{html: hi, headers: {Location: '${{ url.app }}'}}",
        "embed": "{embed: {f: {iframe: app, allow: 'camera ${{ origin.app }}'}}}",
    }[where]
    text = f"title: t\npages: {{app: {page}}}\nflow: [{{open: app}}]\nexpect: {{app.open: true}}\n"
    assert len(load_text(tmp_path, text)) == 1


@pytest.mark.parametrize(
    "page",
    [
        "{html: hi, coop: '${{ url.app }}'}",
        "{html: hi, host: '${{ origin.app }}'}",
        "{embed: {f: {iframe: '${{ url.app }}'}}}",
    ],
)
def test_but_not_elsewhere(tmp_path: Path, page: str) -> None:
    text = f"title: t\npages: {{app: {page}}}\nflow: [{{open: app}}]\nexpect: {{app.open: true}}\n"
    assert codes(tmp_path, text) == ["placeholder"]


def test_engines_cannot_be_named_where_only_parameters_count(tmp_path: Path) -> None:
    text = f"title: t\nmatrix: {{p: [1]}}\nexclude: [{{engine: firefox}}]{tail('p')}expect: {{login.opener: severed}}\n"
    assert codes(tmp_path, text) == ["unknown-parameter"]


def test_prose_may_speak_of_placeholders(tmp_path: Path) -> None:
    text = f"title: t\nabout: write ${{{{ name }}}}{TAIL}expect: {{login.opener: severed}}\n"
    assert len(load_text(tmp_path, text)) == 1


def test_a_placeholder_in_when_is_only_a_value_that_the_matrix_lacks(tmp_path: Path) -> None:
    text = (
        f"title: t\nmatrix: {{p: [1]}}{tail('p')}expect:\n  - login.opener: severed\n"
        "  - {when: {p: '${{ p }}'}, login.opener: preserved}\n"
    )
    assert codes(tmp_path, text) == ["unknown-value"]


@pytest.mark.parametrize(
    ("used", "problems"),
    [
        ("hosts: {app: '${{ p }}'}", []),
        ("hosts: {app: '${{p}}', p: }", []),
        ("exclude: [{p: https://b.example}]", ["unused-parameter"]),
        ("about: ${{ p }}", ["unused-parameter"]),
        ("tags: [p]", ["unused-parameter"]),
        ("hosts: {app: '${{ pp }}'}", ["unknown-placeholder"]),
    ],
)
def test_a_parameter_that_changes_nothing_would_repeat_the_same_case(
    tmp_path: Path, used: str, problems: list[str]
) -> None:
    matrix = "matrix: {p: [https://a.example, https://b.example]}"
    text = f"title: t\n{matrix}\n{used}{TAIL}expect:\n  - login.opener: severed\n"
    text += "  - {when: {p: https://a.example}, login.opener: preserved}\n"
    if problems:
        assert codes(tmp_path, text) == problems
    else:
        assert len({case.params["p"] for case in load_text(tmp_path, text)}) == 2
