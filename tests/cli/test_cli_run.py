from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest
from command_line import SCENARIO, CommandLine, break_terminal

from isolab.cli.select import cases_at, cases_called
from isolab.engines.engine import EngineError
from isolab.lab.server import PortError
from isolab.runner.options import RunOptions

UNSAFE, SAME = "popup[app.coop=unsafe-none]", "popup[app.coop=same-origin]"


@pytest.fixture
def isolab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


def test_all_as_expected(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml") == 0
    assert [case.id for case in isolab.run.asked] == [UNSAFE, SAME]
    assert isolab.run.engines == ["chromium", "firefox"]
    assert isolab.run.options == RunOptions()
    assert "4 passed in chromium 1.0, firefox 1.0" in isolab.out


def test_a_failed_expectation(isolab: CommandLine) -> None:
    isolab.run.outcome = lambda case, engine: "failed" if case.id == SAME and engine == "firefox" else "passed"
    assert isolab("run", "popup.yaml") == 1
    assert "error: popup.opener is severed in firefox 1.0, expected preserved\n  --> popup.yaml:16:" in isolab.out
    assert isolab.out.count("error: ") == 1


def test_options_reach_the_runner(isolab: CommandLine) -> None:
    options = ["-j", "3", "--timeout", "2.5", "--repeat", "2", "--retries", "1", "--artifacts", "kept", "--headed"]
    assert isolab("run", "popup.yaml", "-e", "firefox", *options) == 0
    assert isolab.run.options == RunOptions(3, 2.5, 2, 1, Path("kept"), True)
    assert isolab.headed
    assert isolab.run.engines == ["firefox"]


@pytest.mark.parametrize(
    ("given", "value"),
    [("true", True), ("false", False), ("2", 2), ("-1", -1), ("1.5", "1.5"), ("x=y", "x=y"), ("", "")],
)
def test_a_preference_of_firefox_is_what_it_looks_like(isolab: CommandLine, given: str, value: object) -> None:
    assert isolab("run", "popup.yaml", "-e", "firefox", "--firefox-pref", f"a.b={given}") == 0
    assert isolab.run.options is not None
    (found,) = isolab.run.options.firefox_preferences.values()
    assert (found, type(found)) == (value, type(value))


def test_a_quiet_run_says_what_it_came_to(isolab: CommandLine) -> None:
    isolab.find("chromium", "firefox", "webkit")
    assert isolab("run", "popup.yaml", "-q") == 0
    assert len(isolab.out.splitlines()) == 1
    assert isolab("run", "popup.yaml") == 0
    assert len(isolab.out.splitlines()) > 1


def test_list_runs_nothing_and_needs_no_engine(isolab: CommandLine) -> None:
    isolab.find()
    assert isolab("run", "popup.yaml", "--list") == 0
    assert isolab.out == f"{UNSAFE}\n{SAME}\n"
    assert isolab.run.asked == []


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (["popup.yaml", "-g", "COOP=SAME"], [SAME]),
        (["popup.yaml", "-g", "keeps its OPENER"], [UNSAFE, SAME]),
        (["popup.yaml", "-t", "popup", "-t", "other"], [UNSAFE, SAME]),
        ([SAME], [SAME]),
        (["popup"], [UNSAFE, SAME]),
        (["popup.yaml[app.coop=same-origin]"], [SAME]),
        ([SAME, "popup.yaml"], [UNSAFE, SAME]),
        (["."], [UNSAFE, SAME]),
    ],
)
def test_selection(isolab: CommandLine, selection: list[str], ids: list[str]) -> None:
    assert isolab("run", *selection, "--list") == 0
    assert sorted(isolab.out.split()) == sorted(ids)


@pytest.mark.parametrize(
    "nothing", [["-g", "nosuch"], ["-t", "nosuch"], ["-g", "popup", "-t", "nosuch"], ["--last-failed"]]
)
@pytest.mark.parametrize("more", [[], ["--list"]])
def test_nothing_selected(isolab: CommandLine, nothing: list[str], more: list[str]) -> None:
    assert isolab("run", "popup.yaml", *nothing, *more) == 5
    assert "nothing selected" in isolab.err
    assert isolab.err.count("error: ") == 1
    assert isolab.run.asked == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nosuch"], "No such option"),
        (["-e", "chrome"], "did you mean chromium?"),
        (["-e", "opera"], "the engines are chromium, firefox, webkit"),
        (["-j", "0"], "0 is not in the range"),
        (["-j", "many"], "'many' is not a valid integer"),
        (["--repeat", "0"], "0 is not in the range"),
        (["--retries", "-1"], "-1 is not in the range"),
        (["--timeout", "0"], "the timeout 0 is out of range: seconds, more than 0 and at most 600"),
        (["--timeout", "nan"], "the timeout nan is out of range"),
        (["--timeout", "inf"], "the timeout inf is out of range"),
        (["--timeout", "600.5"], "the timeout 600.5 is out of range"),
        (["--timeout", "1e9"], "the timeout 1e+09 is out of range"),
        (["--timeout", "soon"], "is not a number of seconds"),
        (["-q", "-v"], "contradict"),
        (["--json", "none/out.json"], "cannot write none/out.json"),
        (["--junit", "."], "cannot write .: . is a folder"),
        (["--html", "popup.yaml/x.html"], "does not exist"),
        (["--json", "same", "--html", "./same"], "asked for twice"),
        (["--json", "-", "--junit", "-"], "asked for twice"),
        (["--artifacts", "popup.yaml"], "cannot keep artifacts in popup.yaml: it is a file, and a folder is wanted"),
        (["--artifacts", "x" * 300], f"cannot keep artifacts in {'x' * 300}: File name too long"),
        (["--junit", "x" * 300], f"cannot write {'x' * 300}: File name too long"),
        (["--artifacts", "popup.yaml/x"], "cannot keep artifacts in popup.yaml/x: Not a directory"),
        (["--list", "--json", "o.json"], "--list and --json contradict each other"),
        (["--list", "--junit", "o", "--html", "-"], "--list and --junit, --html contradict each other"),
        (["--list", "--artifacts", "kept"], "--list and --artifacts contradict each other"),
        (["popups"], "popups is neither a file or folder nor an id"),
        (["popup[app.coop=same-orign]"], "did you mean popup[app.coop=same-origin]?"),
        (["poppup.yaml"], "poppup.yaml is neither a file or folder nor an id; did you mean popup.yaml?"),
        (["./popup.yml"], "./popup.yml is neither a file or folder nor an id; did you mean popup.yaml?"),
    ],
)
def test_usage_errors_are_one_message_and_start_nothing(
    isolab: CommandLine, arguments: list[str], message: str
) -> None:
    assert isolab("run", "popup.yaml", *arguments) == 2
    assert message in isolab.err
    assert isolab.err.count("error: ") == 1
    assert isolab.run.asked == []


def test_every_mistake_of_a_scenario_is_shown_with_its_place(isolab: CommandLine) -> None:
    isolab.write("bad.yaml", SCENARIO.replace("coop:", "coopp:").replace("  - open: app", "  - opem: app"))
    assert isolab("run", "bad.yaml") == 2
    assert "--> bad.yaml:7:" in isolab.err
    assert "--> bad.yaml:13:" in isolab.err


def test_an_engine_that_is_asked_for_and_not_here(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "-e", "webkit", "-e", "chromium") == 3
    assert "not found on this machine: webkit" in isolab.err
    assert "playwright install" in isolab.err
    assert "chromium:" not in isolab.err


def test_an_engine_that_is_not_here_and_not_asked_for_is_a_note(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "-") == 0
    assert isolab.err.startswith("note: nothing is run in webkit, not found on this machine (isolab doctor says how")
    assert "with -e, as in -e webkit, a missing engine is an error" in isolab.err
    assert [engine["name"] for engine in json.loads(isolab.out)["engines"]] == ["chromium", "firefox"]


def test_no_engine_is_missed_where_all_are_here_or_others_are_named(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "-e", "firefox") == 0
    assert "note:" not in isolab.err
    isolab.find("chromium", "firefox", "webkit")
    assert isolab("run", "popup.yaml") == 0
    assert "note:" not in isolab.err


def test_an_engine_that_the_environment_names_wrongly(isolab: CommandLine) -> None:
    isolab.find_none("ISOLAB_FIREFOX names /none, which is not a program")
    assert isolab("run", "popup.yaml", "-e", "firefox") == 3
    assert isolab.err.strip() == "error: ISOLAB_FIREFOX names /none, which is not a program"


def test_no_engine_at_all(isolab: CommandLine) -> None:
    isolab.find()
    assert isolab("run", "popup.yaml") == 3
    assert "no engine was found" in isolab.err
    assert all(f"{name}: " in isolab.err for name in ("chromium", "firefox", "webkit"))


def test_an_engine_not_to_be_had_weighs_more_than_nothing_selected(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "-e", "webkit", "-g", "nosuch") == 3


@pytest.mark.parametrize(
    "error",
    [
        EngineError("it died"),
        PortError("it died"),
        ExceptionGroup("tasks", [ExceptionGroup("more", [EngineError("it died")])]),
    ],
)
def test_what_is_not_to_be_had_in_the_middle_of_a_run(isolab: CommandLine, error: Exception) -> None:
    isolab.run.error = error
    assert isolab("run", "popup.yaml", "--json", "out.json") == 3
    assert isolab.out.count("it died") == 1
    assert len(json.loads(Path("out.json").read_text())["results"]) == 4


def test_a_defect_is_told_once_and_keeps_what_was_measured(isolab: CommandLine) -> None:
    isolab.run.error = ExceptionGroup("tasks", [EngineError("it died"), ZeroDivisionError("oh")])
    isolab.run.outcome = lambda case, engine: "failed"
    assert isolab("run", "popup.yaml", "--json", "out.json") == 3
    isolab.run.error = ZeroDivisionError("oh")
    assert isolab("run", "popup.yaml", "--json", "out.json") == 4
    assert isolab.out.count("this is a defect of isolab: ZeroDivisionError: oh") == 1
    assert "Traceback" not in isolab.out + isolab.err
    written = json.loads(Path("out.json").read_text())
    assert written["summary"]["failed"] == 4
    assert "Traceback" in written["defects"][0]


def test_a_defect_shows_its_traceback_if_verbose(isolab: CommandLine) -> None:
    isolab.run.error = ZeroDivisionError("oh")
    assert isolab("run", "popup.yaml", "-v") == 4
    assert "Traceback" in isolab.out


def test_a_defect_before_the_run(isolab: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(names: object, *, headed: bool = False) -> None:
        raise KeyError("x")

    monkeypatch.setattr("isolab.cli.choose.find_engines", broken)
    assert isolab("run", "popup.yaml") == 4
    assert "this is a defect of isolab: KeyError: 'x'" in isolab.err
    assert "Traceback" not in isolab.err
    assert isolab("run", "popup.yaml", "-v") == 4
    assert "Traceback" in isolab.err


def test_a_crashing_report_takes_nothing_with_it(isolab: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(results: object) -> str:
        raise ZeroDivisionError("in html")

    monkeypatch.setattr("isolab.reports.html.render", broken)
    assert isolab("run", "popup.yaml", "--html", "o.html", "--json", "o.json", "--junit", "o.xml") == 4
    assert "ZeroDivisionError: in html" in isolab.err
    assert "ZeroDivisionError: in html" in json.loads(Path("o.json").read_text())["defects"][0]
    assert parse("o.xml").getroot().get("tests") == "4"


def test_a_crashing_terminal_takes_nothing_with_it(isolab: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    break_terminal(monkeypatch)
    assert isolab("run", "popup.yaml", "--json", "o.json") == 4
    assert isolab.err.count("this is a defect of isolab: ZeroDivisionError: in terminal") == 1
    assert len(json.loads(Path("o.json").read_text())["results"]) == 4


def test_where_a_report_is_broken_off_the_results_are_there(
    isolab: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("isolab.reports.html.render", broken_off)
    assert isolab("run", "popup.yaml", "--html", "o.html", "--json", "o.json") == 130
    assert len(json.loads(Path("o.json").read_text())["results"]) == 4


def test_json_on_standard_output_is_alone_there(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "-") == 0
    assert json.loads(isolab.out)["summary"]["passed"] == 4
    assert "4 passed" in isolab.err


def test_a_file_that_cannot_be_written_after_all(isolab: CommandLine) -> None:
    isolab.run.during = lambda: Path("o.json").mkdir()
    assert isolab("run", "popup.yaml", "--json", "o.json", "--junit", "o.xml") == 2
    assert "could not write o.json" in isolab.err
    assert Path("o.xml").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_keeps_what_was_measured(isolab: CommandLine, number: signal.Signals) -> None:
    cleaned = []

    class _Waiting(type(isolab.run)):  # type: ignore[misc]
        async def __call__(self, *arguments: object) -> None:
            await super().__call__(*arguments)
            os.kill(os.getpid(), number)
            try:
                await asyncio.Event().wait()
            finally:
                cleaned.append(True)

    isolab.run = _Waiting()
    before = signal.getsignal(number)
    Path(".isolab").mkdir()
    state = {"version": 1, "failed": [{"id": SAME, "engine": "firefox"}, {"id": "else", "engine": "firefox"}]}
    Path(".isolab/last-failed.json").write_text(json.dumps(state))
    assert isolab("run", "popup.yaml", "--json", "o.json") == 130
    assert cleaned == [True]
    # What was measured counts, what was not is as it was.
    left = json.loads(Path(".isolab/last-failed.json").read_text())["failed"]
    assert [failed["id"] for failed in left] == ["else"]
    assert "interrupted: cleaning up" in isolab.out
    written = json.loads(Path("o.json").read_text())
    assert written["interrupted"] is True
    assert written["summary"]["passed"] == 4
    assert signal.getsignal(number) is before


def test_that_it_was_interrupted_weighs_more_than_a_report_that_cannot_be_written(isolab: CommandLine) -> None:
    isolab.run.during = lambda: Path("o.json").mkdir()
    isolab.run.error = asyncio.CancelledError()
    assert isolab("run", "popup.yaml", "--json", "o.json") == 130
    assert "o.json" in isolab.err


def test_last_failed_runs_what_failed_until_it_passes(isolab: CommandLine) -> None:
    isolab.run.outcome = lambda case, engine: "error" if case.id == SAME else "passed"
    assert isolab("run", "popup.yaml") == 1
    assert Path(".isolab/.gitignore").read_text() == "*\n"
    isolab.run.outcome = lambda case, engine: "passed"
    assert isolab("run", "popup.yaml", "--last-failed", "-e", "firefox") == 0
    assert [case.id for case in isolab.run.asked] == [SAME]
    assert isolab("run", "popup.yaml", "--last-failed", "-e", "firefox") == 5
    assert isolab("run", "popup.yaml", "--last-failed") == 0
    assert isolab("run", "popup.yaml", "--last-failed") == 5
    assert "nothing selected: no failed case is on record" in isolab.err


@pytest.mark.parametrize("more", [[], ["--list"]])
def test_last_failed_where_nothing_failed_says_what_it_takes(isolab: CommandLine, more: list[str]) -> None:
    assert isolab("run", "popup.yaml", "--last-failed", *more) == 5
    assert ".isolab/last-failed.json" in isolab.err
    assert "nothing failed last time, or nothing was run in this folder" in isolab.err
    assert "without --last-failed" in isolab.err
    assert "--grep" in isolab.err


def test_last_failed_finds_what_failed_wherever_it_is(isolab: CommandLine) -> None:
    isolab.run.outcome = lambda case, engine: "failed" if engine == "firefox" else "passed"
    assert isolab("run", "popup.yaml") == 1
    assert isolab("run", "--last-failed", "--list") == 0
    assert isolab.out.splitlines() == [UNSAFE, SAME]
    (isolab.folder / "popup.yaml").unlink()
    assert isolab("run", "--last-failed") == 5


def test_last_failed_names_what_failed_where_the_selection_has_none_of_it(isolab: CommandLine) -> None:
    isolab.run.outcome = lambda case, engine: "failed" if engine == "firefox" else "passed"
    isolab.write("other.yaml", SCENARIO.replace("[unsafe-none,", "[noopener-allow-popups, unsafe-none,"))
    assert isolab("run", "popup.yaml", "other.yaml") == 1
    assert isolab("run", "popup.yaml", "--last-failed", "-e", "chromium") == 5
    head, *told = isolab.err.splitlines()
    assert head == "error: nothing selected: none of the cases in popup.yaml failed last time in chromium; what failed:"
    assert told == [
        "  other[app.coop=noopener-allow-popups] in firefox",
        "  other[app.coop=same-origin] in firefox",
        "  other[app.coop=unsafe-none] in firefox",
        "  and 2 more",
    ]
    assert isolab("run", "--last-failed", "-g", "blank", "--list") == 5
    assert "none of the cases in the catalogue that match --grep blank failed last time; what failed:" in isolab.err
    assert isolab("run", "popup.yaml", "--last-failed", "-g", "nosuch") == 5
    assert isolab.err == "error: nothing selected: no case in popup.yaml matches --grep nosuch\n"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"version": 2, "failed": []}', '{"version": 1, "failed": [{"id": 1}]}', "\udcff"]
)
def test_a_damaged_state_is_ignored_with_a_note(isolab: CommandLine, text: str) -> None:
    Path(".isolab").mkdir()
    Path(".isolab/last-failed.json").write_text(text, errors="surrogateescape")
    assert isolab("run", "popup.yaml") == 0
    assert "note: .isolab/last-failed.json" in isolab.err
    assert isolab("run", "popup.yaml", "-e", "firefox") == 0
    assert "note" not in isolab.err


def test_a_state_that_cannot_be_written_is_only_a_note(isolab: CommandLine) -> None:
    Path(".isolab").write_text("a file")
    assert isolab("run", "popup.yaml") == 0
    assert "note: .isolab/last-failed.json" in isolab.err


def test_what_breaks_because_it_was_killed_is_no_defect(isolab: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is really killed here: this process may have started more than the command."""
    monkeypatch.setattr("isolab.cli.interrupt._descendants", set)

    class _Killed(type(isolab.run)):  # type: ignore[misc]
        async def __call__(self, *arguments: object) -> None:
            await super().__call__(*arguments)
            signal.raise_signal(signal.SIGINT)
            try:
                await asyncio.Event().wait()
            finally:
                signal.raise_signal(signal.SIGINT)
                raise ConnectionResetError("the browser is gone")

    isolab.run = _Killed()
    _was_interrupted(isolab)


def test_a_run_whose_loop_is_stuck_ends_at_the_second_interruption(
    isolab: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isolab.cli.interrupt._descendants", set)

    def stuck() -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("nothing broke the loop off")

    isolab.run.during = stuck
    _was_interrupted(isolab)


def _was_interrupted(isolab: CommandLine) -> None:
    assert isolab("run", "popup.yaml", "--json", "o.json") == 130
    written = json.loads(Path("o.json").read_text())
    assert written["interrupted"] is True
    assert written["defects"] == written["unavailable"] == []
    assert written["summary"]["passed"] == 4


def test_cases_that_are_gone_do_not_stand_for_the_whole_catalogue() -> None:
    assert cases_called({"gone/file[a=1]", "gone"}) == []


def test_a_case_is_found_by_its_id_in_a_folder_with_brackets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for place in ("app/[slug]/popup.yaml", "[slug]/popup.yaml"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(SCENARIO)
    (tmp_path / "app" / "broken.yaml").write_text("title")
    wanted = {f"{folder}/popup[app.coop=same-origin]" for folder in ("app/[slug]", "[slug]")}
    assert {case.id for case in cases_called(wanted)} >= wanted
    assert [case.id for case in cases_at(["[slug]/popup[app.coop=same-origin]"])] == [
        "[slug]/popup[app.coop=same-origin]"
    ]
