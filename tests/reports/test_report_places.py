from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.reports.places import file_of, lab_of, relative, uri
from isolab.reports.places import test_of as declared_by


def test_a_file_of_the_repository_is_told_from_its_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert relative("a b.yaml", tmp_path) == "sub/a b.yaml"
    assert relative("../x/./y.yaml", tmp_path) == "x/y.yaml"
    assert uri("a b.yaml", tmp_path) == "sub/a%20b.yaml"


def test_a_file_elsewhere_has_its_whole_uri(tmp_path: Path) -> None:
    assert relative("/elsewhere/x.yaml", tmp_path) is None
    assert uri("/elsewhere/ä.yaml", tmp_path) == "file:///elsewhere/%C3%A4.yaml"


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1))
def test_a_name_is_found_again_in_its_uri(name: str) -> None:
    root = Path("/elsewhere")
    told = uri(f"/elsewhere/x/{name}/y", root)
    assert told.isascii()
    if name not in (".", ".."):
        assert unquote(told) == f"x/{name}/y"


@pytest.mark.parametrize(("name", "told"), [("\udcff", "%FF"), ("\ud800", "%5Cud800")])
def test_a_name_that_is_not_utf_8_has_a_uri(name: str, told: str) -> None:
    root = Path("/elsewhere")
    assert uri(f"/elsewhere/x/{name}.yaml", root) == f"x/{told}.yaml"
    assert uri(f"/x/{name}.yaml", root) == f"file:///x/{told}.yaml"


@pytest.mark.parametrize("number", [1, 2, 10])
def test_what_a_test_declares_leads_back_to_it(number: int) -> None:
    name = lab_of("tests/test_a.py::test_it[x (its lab)]", number)
    assert declared_by(name) == "tests/test_a.py::test_it[x (its lab)]"
    assert file_of(name) == ("tests/test_a.py", False)


def test_a_file_is_declared_by_no_test() -> None:
    assert declared_by("scenarios/its lab.yaml") is None
    assert file_of("scenarios/its lab.yaml") == ("scenarios/its lab.yaml", True)
