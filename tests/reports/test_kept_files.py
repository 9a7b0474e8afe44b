from __future__ import annotations

from pathlib import Path

import pytest
from report_runs import a_case, run_of, severed, tally_of

from isolab.reports.document import document
from isolab.reports.form import ResultsFile
from isolab.reports.kept_files import found_beside, missing


def results(*names: str) -> ResultsFile:
    made = document(tally_of(run_of([severed(a_case())])))
    made["results"][0]["artifacts"] = list(names)
    return made


def names(found: ResultsFile) -> list[str]:
    return found["results"][0]["artifacts"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/window-0.png").touch()
    return tmp_path


@pytest.mark.parametrize("name", ["kept/window-0.png", "kept\\window-0.png"])
def test_a_file_is_found_beside_the_results(folder: Path, name: str) -> None:
    found = found_beside(results(name), folder)
    assert [Path(one) for one in names(found)] == [folder / "kept/window-0.png"]
    assert missing(found) == []


def test_a_file_that_is_where_the_run_left_it_is_taken_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "elsewhere/kept").mkdir(parents=True)
    (folder / "elsewhere/kept/window-0.png").touch()
    monkeypatch.chdir(folder)
    found = found_beside(results("kept/window-0.png"), folder / "elsewhere")
    assert [Path(one) for one in names(found)] == [Path("kept/window-0.png")]


@pytest.mark.parametrize("name", ["kept/window-1.png", "kept", "nul\0.png", "x" * 5000])
def test_what_is_nowhere_keeps_its_name(folder: Path, name: str) -> None:
    found = found_beside(results(name, "kept/window-0.png"), folder)
    assert names(found)[0] == name
    assert missing(found) == [name]
