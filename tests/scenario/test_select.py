from __future__ import annotations

from pathlib import Path

from scenario_loading import SAMPLES, sample

from isolab.scenario.select import find_files, select_cases


def test_folders_are_searched_in_order(tmp_path: Path) -> None:
    for name in ("b.yml", "a/z.yaml", "a/y.txt", "schema.json", "a.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    files, problems = find_files([tmp_path])
    assert [file.relative_to(tmp_path).as_posix() for file in files] == ["a/z.yaml", "a.yaml", "b.yml"]
    assert problems == []


def test_a_missing_path_is_a_problem_with_a_suggestion() -> None:
    files, [problem] = find_files([SAMPLES / "popups.yaml"])
    assert files == []
    assert (problem.code, problem.span) == ("no-file", None)
    assert "did you mean `popup.yaml`?" in str(problem)


def test_a_name_that_the_system_refuses_is_a_missing_path(tmp_path: Path) -> None:
    long = "x" * 300
    _, problems = find_files([tmp_path / long, tmp_path / long / "a.yaml"])
    assert [problem.code for problem in problems] == ["no-file", "no-file"]


def test_the_source_has_the_path_as_given(tmp_path: Path) -> None:
    assert sample("popup")[0].source.path == str(SAMPLES / "popup.yaml")


def test_grep_looks_into_id_and_title() -> None:
    cases = [*sample("popup"), *sample("headers")]
    assert {case.title for case in select_cases(cases, grep="HEADERS to")} == {"Headers to the byte"}
    assert len(select_cases(cases, grep="relation=cross-site")) == 2
    assert select_cases(cases, grep="nothing like it") == []


def test_grep_looks_for_each_word_wherever_it_stands() -> None:
    cases = [*sample("popup"), *sample("headers")]
    assert len(select_cases(cases, grep="window.opener  A TOKEN relation=cross-site")) == 2
    assert select_cases(cases, grep="token nosuch") == []
    assert select_cases(cases, grep=" ") == cases


def test_grep_looks_into_tags() -> None:
    cases = [*sample("popup"), *sample("headers")]
    assert {case.title for case in select_cases(cases, grep="token signin")} == {
        "A popup posts its token to window.opener"
    }


def test_any_of_the_tags() -> None:
    cases = [*sample("popup"), *sample("headers")]
    assert len(select_cases(cases, tags=["popup", "other"])) == 3
    assert select_cases(cases, tags=["other"]) == []
    assert select_cases(cases) == cases
