from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import CommandLine, break_terminal

from isolab.scenario.load import load_scenarios

PLAIN = {"coop": None, "coep": None, "scheme": "https"}
ROWS = [
    {"id": "popup/a/01", "kind": "popup", "opener": PLAIN, "popup": PLAIN, "expect": {"state": "preserved"}},
    {
        "id": "popup/a/02",
        "kind": "popup",
        "opener": {**PLAIN, "coop": "noopener-allow-popups"},
        "popup": {**PLAIN, "coop": "noopener-allow-popups"},
        "expect": {"state": "severed"},
    },
    {"id": "dip/a/01", "kind": "dip", "subtest": "a teapot", "expect": {"access": "object"}},
]


@pytest.fixture
def isolab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    line = CommandLine(tmp_path, monkeypatch, capsys)
    line.write("rows.json", json.dumps(ROWS))
    return line


def row_of(out: str, engine: str, kind: str) -> list[int]:
    """The numbers of a kind's row in an engine's table."""
    lines = out[out.rindex(f"\n{engine} 1.0") :].splitlines()
    return [int(number) for number in next(line for line in lines if line.startswith(f"{kind} ")).split()[1:]]


def test_every_row_is_counted_by_kind_and_what_was_not_run_has_its_reason(isolab: CommandLine) -> None:
    assert isolab("conform", "rows.json") == 0
    assert [case.id for case in isolab.run.asked] == ["popup/a/01", "popup/a/02"]
    for engine in ("chromium", "firefox"):
        assert row_of(isolab.out, engine, "popup") == [2, 0, 0, 0, 0, 0]
        assert row_of(isolab.out, engine, "dip") == [0, 0, 0, 0, 0, 1]
        assert row_of(isolab.out, engine, "all") == [2, 0, 0, 0, 0, 1]
    assert "  dip/a/01: " in isolab.out or "  dip: 1 row: " in isolab.out


def test_the_results_file_has_every_row(isolab: CommandLine) -> None:
    isolab.run.outcome = lambda case, engine: "failed" if engine == "firefox" else "passed"
    assert isolab("conform", "rows.json", "--json", "r.json") == 1
    written = json.loads((isolab.folder / "r.json").read_text())["conformance"]
    assert [row["id"] for row in written["rows"]] == ["popup/a/01", "popup/a/02"]
    assert written["rows"][0]["outcomes"] == {"chromium": ["agrees"], "firefox": ["new difference"]}
    (refused,) = written["refused"]
    assert (refused["id"], refused["kind"]) == ("dip/a/01", "dip")
    assert refused["why"]


def test_a_difference_that_is_not_known_fails_the_run(isolab: CommandLine) -> None:
    isolab.run.outcome = lambda case, engine: "failed" if engine == "firefox" else "passed"
    assert isolab("conform", "rows.json") == 1
    assert row_of(isolab.out, "firefox", "popup") == [0, 0, 2, 0, 0, 0]
    assert "  --> popup/a/01.yaml:" in isolab.out


def test_what_an_engine_is_known_to_lack_is_known_to_its_rows(isolab: CommandLine) -> None:
    assert isolab("conform", "rows.json") == 0
    (check,) = isolab.run.asked[1].checks
    assert [(d.engine, d.observed) for d in check.differences] == [("firefox", "preserved")]


def test_rows_are_selected_and_written_as_scenario_files(isolab: CommandLine) -> None:
    isolab.find()
    assert isolab("conform", "rows.json", "-g", "A/02", "--write", "files") == 0
    assert isolab.out == "1 scenario file written below files\n"
    (case,) = load_scenarios([isolab.folder / "files"])
    assert case.pages["popup"].header("Cross-Origin-Opener-Policy") == "noopener-allow-popups"
    assert isolab("conform", "rows.json", "-g", "moon", "-g", "POPUP/a/01", "-g", "p/a/02", "--write", "both") == 0
    assert isolab.out == "2 scenario files written below both\n"
    assert isolab("conform", "rows.json", "--write", "files") == 0
    told, _, title, why = isolab.out.splitlines()
    assert (told, title) == ("2 scenario files written below files", "cannot be played yet:")
    assert why.startswith("  dip: 1 row: ")


def test_rows_are_selected_by_their_kind(isolab: CommandLine) -> None:
    assert isolab("conform", "rows.json", "-t", "popup", "-g", "/02") == 0
    assert [case.id for case in isolab.run.asked] == ["popup/a/02"]
    assert isolab("conform", "rows.json", "-t", "dip") == 5


def test_quiet_leaves_the_last_line(isolab: CommandLine) -> None:
    assert isolab("conform", "rows.json", "-q") == 0
    assert len(isolab.out.splitlines()) == 1


def test_the_matrix_alone_is_run_if_asked_for(isolab: CommandLine) -> None:
    assert isolab("conform", "--part", "matrix", "-g", "[opener=same-origin,popup=absent,relation=same-site,") == 0
    assert len(isolab.run.asked) == 6


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["none.json"], 2, "error: none.json: the file cannot be read: No such file or directory"),
        (["popup.yaml"], 2, "error: popup.yaml:1:1: this is not JSON"),
        (["rows.json", "-g", "moon"], 5, "error: no row has `moon` in its id"),
        (["rows.json", "-g", "moon", "-g", "sun"], 5, "error: no row has `moon` or `sun` in its id"),
        (["rows.json", "-t", "moon"], 5, "error: no row is of the kind `moon`"),
        (
            ["rows.json", "-g", "a/01", "-t", "x", "-t", "y"],
            5,
            "error: no row has `a/01` in its id and is of the kind `x` or `y`",
        ),
        (["rows.json", "-q", "-v"], 2, "error: -q and -v contradict each other"),
        (["rows.json", "-g", "dip"], 5, "error: none of these rows can be played: "),
        (["rows.json", "--json", "no/such/folder.json"], 2, "error: cannot write no/such/folder.json"),
    ],
)
def test_what_is_wrong_is_one_message(isolab: CommandLine, arguments: list[str], code: int, message: str) -> None:
    assert isolab("conform", *arguments) == code
    assert isolab.err.startswith(message)
    assert isolab.run.asked == []


def test_without_an_engine_nothing_is_run(isolab: CommandLine) -> None:
    isolab.find()
    assert isolab("conform", "rows.json") == 3


def test_an_engine_that_is_not_here_is_a_note_unless_a_build_is_named(isolab: CommandLine) -> None:
    assert isolab("conform", "rows.json") == 0
    assert isolab.err.startswith("note: nothing is run in webkit, not found on this machine")
    isolab.write("my-browser", "#!/bin/sh\necho Chromium 200.1\n")
    (isolab.folder / "my-browser").chmod(0o755)
    assert isolab("conform", "rows.json", "--executable", "./my-browser") == 0
    assert isolab.err == ""


def test_a_build_is_named_by_its_path(isolab: CommandLine) -> None:
    browser = isolab.folder / "my-browser"
    browser.write_text("#!/bin/sh\necho Chromium 200.1\n", encoding="utf-8")
    browser.chmod(0o755)
    assert isolab("conform", "rows.json", "--executable", str(browser)) == 0
    assert isolab.run.engines == ["chromium"]
    assert "chromium 200.1" in isolab.out
    assert isolab("conform", "rows.json", "--executable", str(browser), "-e", "firefox") == 0
    assert isolab.run.engines == ["firefox"]
    assert isolab("conform", "rows.json", "--executable", str(browser), "-e", "firefox", "-e", "webkit") == 2
    assert isolab("conform", "rows.json", "--executable", "no-browser") == 3
    assert isolab.err == "error: no-browser is not a program that can be run\n"


def test_every_report_is_made_of_rows_as_well(isolab: CommandLine) -> None:
    isolab.run.outcome = lambda _case, engine: "failed" if engine == "firefox" else "passed"
    formats = ["--json", "r.json", "--junit", "r.xml", "--html", "r.html", "--sarif", "r.sarif", "--markdown", "r.md"]
    assert isolab("conform", "rows.json", *formats, "--github") == 1
    assert "\n::error title=popup/a/01 in firefox::popup/a/01: popup.opener" in isolab.out
    (run,) = json.loads((isolab.folder / "r.sarif").read_text())["runs"]
    # The row's scenario is no file.
    assert run["results"][0]["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "popup/a/01"}]}]
    assert "`isolab conform -g popup/a/01 -e firefox`" in (isolab.folder / "r.md").read_text()
    assert isolab("report", "r.json") == 1
    assert isolab("conform", "rows.json", "--baseline", "r.json") == 1
    assert "since r.json (2026-11-22T00:00:00Z): 0 changes\n" in isolab.out


def test_a_crashing_terminal_takes_nothing_with_it(isolab: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    break_terminal(monkeypatch)
    assert isolab("conform", "rows.json", "--json", "r.json") == 4
    assert isolab.err.count("this is a defect of isolab: ZeroDivisionError: in terminal") == 1
    assert len(json.loads((isolab.folder / "r.json").read_text())["results"]) == 4
