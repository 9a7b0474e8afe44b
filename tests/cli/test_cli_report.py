"""The reports that `run` and `report` are asked for, by the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import pytest
from command_line import SCENARIO, CommandLine
from jsonschema import Draft202012Validator

from isolab.reports import json_file, sarif

SAME = "popup[app.coop=same-origin]"


@pytest.fixture
def isolab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    line = CommandLine(tmp_path, monkeypatch, capsys)
    line.run.outcome = lambda case, engine: "failed" if case.id == SAME and engine == "firefox" else "passed"
    return line


def loaded(path: str) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


def test_every_format_at_once(isolab: CommandLine) -> None:
    formats = ["--json", "o.json", "--junit", "o.xml", "--html", "o.html", "--sarif", "o.sarif", "--markdown", "o.md"]
    assert isolab("run", "popup.yaml", *formats) == 1
    Draft202012Validator(json.loads(json_file.schema())).validate(loaded("o.json"))
    assert loaded("o.sarif")["runs"][0]["results"][0]["properties"]["case"] == SAME
    assert parse("o.xml").getroot().get("failures") == "1"
    assert SAME in Path("o.html").read_text(encoding="utf-8")
    assert Path("o.md").read_text(encoding="utf-8").startswith("# isolab: 3 passed, 1 failed in ")


def test_a_report_on_standard_output_is_all_that_is_there(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--markdown", "-", "--github") == 1
    assert isolab.out.startswith("# isolab: ")
    assert "\n::error" not in isolab.out
    # GitHub's runner reads the other stream as well.
    assert "\n::error title=" in isolab.err
    assert "3 passed, 1 failed" in isolab.err


def test_two_formats_do_not_share_a_file(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--sarif", "x", "--markdown", "./x") == 2
    assert "asked for twice" in isolab.err


def test_files_are_told_from_the_repository(isolab: CommandLine) -> None:
    (isolab.folder / ".git").mkdir()
    (isolab.folder / "sub").mkdir()
    (isolab.folder / "popup.yaml").rename("sub/popup.yaml")
    isolab.monkeypatch.chdir(isolab.folder / "sub")
    assert isolab("run", "popup.yaml", "--sarif", "o.sarif", "--github") == 1
    (result,) = loaded("o.sarif")["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sub/popup.yaml"
    assert ",file=sub/popup.yaml,line=16," in isolab.out


# --- GitHub Actions --------------------------------------------------------------------------------------------------


def test_a_job_of_github_actions_has_annotations_and_a_summary_unasked(isolab: CommandLine) -> None:
    isolab.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    isolab.monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    Path("summary.md").write_text("before\n", encoding="utf-8")
    assert isolab("run", "popup.yaml") == 1
    assert isolab("run", "popup.yaml", "-q") == 1
    (annotation,) = (line for line in isolab.out.splitlines() if line.startswith("::error"))
    assert annotation.startswith(f"::error title={SAME} in firefox")
    summary = Path("summary.md").read_text(encoding="utf-8")
    assert summary.startswith("before\n# isolab: 3 passed, 1 failed in ")
    assert summary.count("# isolab: ") == 2


def test_what_is_told_of_pages_is_no_command_and_what_we_say_is(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--github") == 1
    lines = isolab.out.splitlines()
    told = [line for line in lines if line.lstrip().startswith("::")]
    stop, resume = told[0], told[1]
    token = stop.removeprefix("::stop-commands::")
    assert len(token) == 64
    assert resume == f"::{token}::"
    assert told[2].startswith("::error ")
    assert told[3:] == [stop, resume]
    assert (lines[0], lines[-1]) == (stop, resume)
    assert isolab("run", "popup.yaml", "--github") == 1
    assert token not in isolab.out


def test_ids_are_listed_alone_in_a_job_too(isolab: CommandLine) -> None:
    isolab.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert isolab("run", "popup.yaml", "--list") == 0
    assert isolab.out == f"popup[app.coop=unsafe-none]\n{SAME}\n"


def test_a_job_that_does_not_want_it_has_none(isolab: CommandLine) -> None:
    isolab.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    isolab.monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert isolab("run", "popup.yaml", "--no-github") == 1
    assert "::error" not in isolab.out
    assert not Path("summary.md").exists()


def test_elsewhere_there_is_neither(isolab: CommandLine) -> None:
    isolab.monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert isolab("run", "popup.yaml") == 1
    assert "::error" not in isolab.out
    assert not Path("summary.md").exists()


@pytest.mark.parametrize(("asked", "code", "word"), [([], 1, "note"), (["--github"], 2, "error")])
def test_a_summary_that_cannot_be_written_fails_only_whom_it_was_promised(
    isolab: CommandLine, asked: list[str], code: int, word: str
) -> None:
    isolab.monkeypatch.setenv("GITHUB_ACTIONS", "true")
    isolab.monkeypatch.setenv("GITHUB_STEP_SUMMARY", "none/summary.md")
    assert isolab("run", "popup.yaml", *asked) == code
    assert f"{word}: could not write none/summary.md: No such file or directory" in isolab.err


# --- a baseline ------------------------------------------------------------------------------------------------------


def test_what_changed_since_a_baseline(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "before.json") == 1
    isolab.run.outcome = lambda _case, _engine: "passed"
    assert isolab("run", "popup.yaml", "--baseline", "before.json", "--json", "now.json") == 0
    assert "since before.json (2026-11-22T00:00:00Z): 1 change\n" in isolab.out
    assert f"  firefox: {SAME}: was failed, is passed\n    popup.opener was severed, is preserved\n" in isolab.out
    (change,) = loaded("now.json")["baseline"]["changes"]
    assert (change["before"], change["after"]) == ("failed", "passed")
    Draft202012Validator(json.loads(json_file.schema())).validate(loaded("now.json"))


def test_a_file_may_be_the_baseline_of_what_replaces_it(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "o.json") == 1
    assert isolab("run", "popup.yaml", "--baseline", "o.json", "--json", "o.json") == 1
    assert loaded("o.json")["baseline"]["changes"] == []


def test_a_baseline_that_cannot_be_read_ends_the_run_before_it_begins(isolab: CommandLine) -> None:
    isolab.write("bad.json", '{"version": 1}')
    assert isolab("run", "popup.yaml", "--baseline", "bad.json") == 2
    assert "'--baseline': bad.json: this is no results file" in isolab.err
    assert isolab.err.count("error: ") == 1
    assert isolab.run.asked == []


# --- isolab report ---------------------------------------------------------------------------------------------------


def test_a_run_is_told_again_with_its_exit_code(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "o.json") == 1
    assert isolab("report", "o.json") == 1
    assert "error: popup.opener is severed in firefox 1.0, expected preserved\n  --> popup.yaml:16:" in isolab.out
    assert isolab.out.endswith("3 passed, 1 failed in chromium 1.0, firefox 1.0 (1.50 s)\n")
    assert isolab.run.asked != []


def test_reports_made_again_are_those_of_the_run(isolab: CommandLine) -> None:
    formats = {"--json": "o.json", "--junit": "o.xml", "--html": "o.html", "--sarif": "o.sarif", "--markdown": "o.md"}
    assert isolab("run", "popup.yaml", *(part for pair in formats.items() for part in pair)) == 1
    again = [part for option, name in formats.items() for part in (option, f"again-{name}")]
    assert isolab("report", "o.json", *again) == 1
    for name in formats.values():
        assert Path(f"again-{name}").read_bytes() == Path(name).read_bytes()


def test_several_runs_are_told_as_one(isolab: CommandLine) -> None:
    isolab.write("other.yaml", SCENARIO)
    assert isolab("run", "popup.yaml", "-e", "firefox", "--json", "a.json") == 1
    assert isolab("run", "other.yaml", "-e", "chromium", "--json", "b.json") == 0
    assert isolab("report", "a.json", "b.json", "--json", "both.json") == 1
    assert "3 passed, 1 failed in firefox 1.0, chromium 1.0 (3.00 s)\n" in isolab.out
    assert loaded("both.json")["summary"]["passed"] == 3
    assert isolab("report", "b.json") == 0


def test_a_file_that_is_given_twice_counts_once(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "a.json") == 1
    assert isolab("report", "a.json", "./a.json") == 1
    assert isolab.out.endswith("3 passed, 1 failed in chromium 1.0, firefox 1.0 (1.50 s)\n")


def test_results_come_from_standard_input(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "-") == 1
    isolab.pipe(isolab.out)
    assert isolab("report", "-", "--markdown", "o.md") == 1
    assert Path("o.md").read_text(encoding="utf-8").startswith("# isolab: 3 passed, 1 failed in ")
    isolab.pipe("<html>")
    assert isolab("report", "-") == 2
    assert "standard input:1:1: this is not JSON" in isolab.err


def test_a_run_can_be_compared_afterwards(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "now.json") == 1
    isolab.run.outcome = lambda _case, _engine: "passed"
    assert isolab("run", "popup.yaml", "--json", "before.json") == 0
    assert isolab("report", "now.json", "--baseline", "before.json", "-q") == 1
    first, *_, last = isolab.out.splitlines()
    assert first == "since before.json (2026-11-22T00:00:00Z): 1 change"
    assert last.startswith("3 passed, 1 failed")
    assert isolab.out.count("since before.json") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'RESULTS.json...'"),
        (["absent.json"], "absent.json: No such file or directory"),
        (["popup.yaml"], "popup.yaml:1:1: this is not JSON"),
        (["old.json"], "old.json: this results file has version 7, and this isolab reads version 1"),
        (["good.json", "--html", "none/x.html"], "cannot write none/x.html"),
        (["good.json", "--baseline", "old.json"], "'--baseline': old.json"),
    ],
)
def test_what_is_wrong_is_one_message(isolab: CommandLine, arguments: list[str], message: str) -> None:
    assert isolab("run", "popup.yaml", "--json", "good.json") == 1
    isolab.write("old.json", '{"version": 7, "results": []}')
    assert isolab("report", *arguments) == 2
    assert message in isolab.err
    assert isolab.err.count("error: ") == 1
    assert isolab.out == ""


def test_a_format_that_no_file_can_hold_is_a_defect_and_takes_no_other_with_it(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "o.json") == 1
    isolab.monkeypatch.setattr(sarif, "render", lambda *_, **__: "\ud800")
    assert isolab("report", "o.json", "--sarif", "o.sarif", "--json", "again.json") == 4
    assert "UnicodeEncodeError" in loaded("again.json")["defects"][0]
    assert not Path("o.sarif").exists()


def test_a_format_that_cannot_be_made_is_a_defect_and_takes_no_other_with_it(isolab: CommandLine) -> None:
    def render(*_: object, **__: object) -> str:
        raise KeyError("nosuch")

    assert isolab("run", "popup.yaml", "--json", "o.json") == 1
    isolab.monkeypatch.setattr(sarif, "render", render)
    assert isolab("report", "o.json", "--sarif", "o.sarif", "--json", "again.json") == 4
    assert "this is a defect of isolab: KeyError: 'nosuch'" in isolab.err
    assert "nosuch" in loaded("again.json")["defects"][0]


# --- what was kept ---------------------------------------------------------------------------------------------------


def moved(isolab: CommandLine, *, kept: bool) -> None:
    """A run's results file in another folder, as from a CI job's artifact; the screenshot with it, or not."""
    assert isolab("run", "popup.yaml", "--json", "o.json", "-q") == 1
    results = loaded("o.json")
    failed = next(result for result in results["results"] if result["outcome"] == "failed")
    failed["artifacts"] = ["kept/case/firefox/window-0.png"]
    folder = isolab.folder / "downloaded"
    (folder / "kept/case/firefox").mkdir(parents=True)
    (folder / "results.json").write_text(json.dumps(results), encoding="utf-8")
    if kept:
        (folder / "kept/case/firefox/window-0.png").write_bytes(b"\x89PNG\r\n\x1a\n")


def test_screenshots_are_found_beside_the_results_file(isolab: CommandLine) -> None:
    moved(isolab, kept=True)
    assert isolab("report", "downloaded/results.json", "--html", "o.html", "--junit", "o.xml") == 1
    assert "not here" not in isolab.err
    assert "[[ATTACHMENT|downloaded/kept/case/firefox/window-0.png]]" in Path("o.xml").read_text(encoding="utf-8")


def test_screenshots_that_are_nowhere_are_noted_where_they_would_be_seen(isolab: CommandLine) -> None:
    moved(isolab, kept=False)
    assert isolab("report", "downloaded/results.json", "--html", "o.html") == 1
    assert "note: kept/case/firefox/window-0.png is not here, so the page only names what was kept" in isolab.err
    assert isolab("report", "downloaded/results.json", "--markdown", "o.md") == 1
    assert "not here" not in isolab.err
