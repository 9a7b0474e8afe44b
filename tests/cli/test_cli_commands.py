from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import SCENARIO, CommandLine, an_engine
from jsonschema import Draft202012Validator

from isolab import __version__
from isolab.cli.app import group
from isolab.cli.panels import PANELS
from isolab.engines.engine import Engine
from isolab.lab.server import PortError
from isolab.runner.events import Enforcement


@pytest.fixture
def isolab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


def _examined(isolab: CommandLine, *findings: Enforcement | str) -> None:
    async def examine(engines: Sequence[Engine]) -> list[tuple[Engine, Enforcement | str]]:
        return list(zip(engines, findings, strict=True))

    isolab.monkeypatch.setattr("isolab.cli.doctor.examine", examine)


def test_version(isolab: CommandLine) -> None:
    assert isolab("--version") == 0
    assert __version__ in isolab.out


def test_a_wrong_command_is_answered_with_a_right_one(isolab: CommandLine) -> None:
    assert isolab("rnu") == 2
    assert "'run'" in isolab.err


def test_without_a_command_there_is_help(isolab: CommandLine) -> None:
    assert isolab() == 2
    assert all(name in isolab.out for name in ("run", "list", "check", "schema", "doctor"))


@pytest.mark.parametrize("name", sorted(PANELS))
def test_help_groups_options_that_there_are_each_once(isolab: CommandLine, name: str) -> None:
    assert isolab(name, "--help") == 0
    there = {option for param in group.commands[name].params for option in param.opts}
    for panel in PANELS[name]:
        assert f"─ {panel['name']} ─" in isolab.out
        assert set(panel["options"]) <= there
    grouped = [option for panel in PANELS[name] for option in panel["options"]]
    assert len(grouped) == len(set(grouped))


def test_the_module_is_the_command(isolab: CommandLine) -> None:
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-m", "isolab", "check", str(isolab.folder / "popup.yaml")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "1 scenario file, 2 cases: all right\n")


def test_list_shows_each_scenario_once(isolab: CommandLine) -> None:
    isolab.write("other.yaml", SCENARIO.replace("A popup keeps its opener", "Another [red]one[/red]"))
    assert isolab("list", ".") == 0
    head, *rows = isolab.out.splitlines()
    assert head.split() == ["id", "title", "tags", "cases"]
    assert [row.split()[0] for row in rows] == ["other", "popup"]
    assert "Another [red]one[/red]" in rows[0]
    assert rows[1].split()[-2:] == ["popup", "2"]


def test_list_as_json(isolab: CommandLine) -> None:
    assert isolab("list", "popup.yaml", "--json") == 0
    (scenario,) = json.loads(isolab.out)
    assert scenario["id"] == "popup"
    assert scenario["tags"] == ["popup"]
    assert scenario["cases"] == ["popup[app.coop=unsafe-none]", "popup[app.coop=same-origin]"]


def test_list_and_check_of_nothing(isolab: CommandLine) -> None:
    Path("empty").mkdir()
    assert isolab("list", "empty") == 5
    assert isolab("check", "empty") == 5


def test_check_tells_the_mistakes_of_all_files(isolab: CommandLine) -> None:
    isolab.write("a.yaml", SCENARIO.replace("coop:", "coopp:"))
    isolab.write("b.yaml", "title: [")
    assert isolab("check", "a.yaml", "b.yaml", "popup.yaml") == 2
    assert "--> a.yaml:" in isolab.err
    assert "--> b.yaml:" in isolab.err
    assert isolab.out == ""


def test_every_argument_that_names_nothing_is_told_beside_the_mistakes(isolab: CommandLine) -> None:
    isolab.write("a.yaml", SCENARIO.replace("coop:", "coopp:"))
    isolab.write("b.yaml", "title: [")
    assert isolab("check", "a.yaml", "popup", "nofile.yaml", "b", "nosuch", "a") == 2
    assert isolab.err.count("unknown key `coopp`") == 1
    assert isolab.err.count("--> b.yaml:") == 1
    assert "error: nofile.yaml is neither a file or folder nor an id" in isolab.err
    assert "error: nosuch is neither a file or folder nor an id" in isolab.err


def test_all_arguments_that_name_nothing_are_told_at_once(isolab: CommandLine) -> None:
    assert isolab("check", "popup.yaml", "nofile.yaml", "popup", "nosuch") == 2
    assert [line.split(" is ")[0] for line in isolab.err.splitlines() if " is neither " in line] == [
        "error: nofile.yaml",
        "error: nosuch",
    ]


@pytest.mark.parametrize("command", ["check", "run", "list", "serve"])
def test_a_name_that_no_file_can_have_is_a_name_like_any_other(isolab: CommandLine, command: str) -> None:
    for name in ("x" * 300, f"{'x' * 300}/popup.yaml", f"popup[app.coop={'x' * 300}]"):
        assert isolab(command, name) == 2
        assert "is neither a file or folder nor an id" in isolab.err


@pytest.mark.parametrize("command", ["check", "run", "list", "serve"])
def test_an_empty_name_is_not_this_folder(isolab: CommandLine, command: str) -> None:
    assert isolab(command, "") == 2
    assert 'error: "" is neither a file or folder nor an id' in isolab.err


@pytest.mark.parametrize("columns", ["20", "80", None])
def test_list_never_wraps_or_cuts_an_id(isolab: CommandLine, columns: str | None) -> None:
    name = "a-scenario-whose-name-is-" + "very-" * 30 + "long"
    isolab.write(f"{name}.yaml", SCENARIO.replace("A popup keeps its opener", "Word " * 30))
    if columns is None:
        isolab.monkeypatch.delenv("COLUMNS", raising=False)
    else:
        isolab.monkeypatch.setenv("COLUMNS", columns)
    assert isolab("list", f"{name}.yaml") == 0
    assert isolab.out.splitlines()[1].split()[0] == name
    assert isolab("run", "--list", f"{name}.yaml") == 0
    assert isolab.out == f"{name}[app.coop=unsafe-none]\n{name}[app.coop=same-origin]\n"


def test_list_in_a_pipe_has_one_line_for_each_scenario(isolab: CommandLine) -> None:
    isolab.monkeypatch.delenv("COLUMNS", raising=False)
    isolab.write("popup.yaml", SCENARIO.replace("A popup keeps its opener", "Word " * 60))
    assert isolab("list", "popup.yaml") == 0
    assert len(isolab.out.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["list", "empty"], "there is no scenario in empty"),
        (["check", "empty"], "there is no scenario in empty"),
        (["serve", "empty"], "there is no scenario in empty"),
        (["list", "popup.yaml", "-g", "no such", "-t", "x"], "no case in popup.yaml matches --grep 'no such' --tag x"),
        (["list", "-t", "nosuch"], "no case in the catalogue matches --tag nosuch"),
    ],
)
def test_nothing_selected_names_what_was_asked_for(isolab: CommandLine, arguments: list[str], told: str) -> None:
    Path("empty").mkdir()
    assert isolab(*arguments) == 5
    assert isolab.err.strip() == f"error: nothing selected: {told}"


def test_the_catalogue_is_right(isolab: CommandLine) -> None:
    assert isolab("check") == 0


@pytest.mark.parametrize("which", [[], ["--results"]])
def test_schemas(isolab: CommandLine, which: list[str]) -> None:
    assert isolab("schema", *which) == 0
    Draft202012Validator.check_schema(json.loads(isolab.out))
    assert isolab("schema", *which, "-o", "schema.json") == 0
    assert json.loads(Path("schema.json").read_text())
    assert isolab("schema", "-o", "none/schema.json") == 2


def test_doctor_tells_what_each_engine_does_and_how_to_get_the_rest(isolab: CommandLine) -> None:
    _examined(isolab, Enforcement(True, True, True, True), Enforcement(True, False, None, None, ("it does not sever",)))
    assert isolab("doctor", "--json", "d.json") == 0
    chromium, firefox = isolab.out.split("firefox 1.0")
    assert "/opt/chromium" in chromium
    assert "severs it with COOP: yes" in chromium
    assert "severs it with COOP: no" in firefox
    assert "crossOriginIsolated with COOP and COEP: not measured" in firefox
    assert "it does not sever" in firefox
    assert "webkit: " in firefox
    written = json.loads(Path("d.json").read_text())
    assert [one["enforcement"]["severs"] for one in written["engines"]] == [True, False]
    assert [one["name"] for one in written["missing"]] == ["webkit"]


def test_doctor_whose_findings_cannot_be_written(isolab: CommandLine) -> None:
    def full(_target: str, _text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    _examined(isolab, Enforcement(True, True, True, True), Enforcement(True, True, True, True))
    isolab.monkeypatch.setattr("isolab.reports.files.write", full)
    assert isolab("doctor", "--json", "d.json") == 2
    assert "cannot write d.json: No space left on device" in isolab.err


def test_doctor_of_an_engine_that_does_not_start(isolab: CommandLine) -> None:
    _examined(isolab, Enforcement(), "libgtk is missing\x1b[2J")
    assert isolab("doctor") == 3
    assert "does not start: libgtk is missing␛[2J" in isolab.out


def test_doctor_without_engines(isolab: CommandLine) -> None:
    isolab.find()
    _examined(isolab)
    assert isolab("doctor") == 3
    assert "no engine was found" in isolab.out


def test_doctor_installs_what_is_missing(isolab: CommandLine) -> None:
    asked: list[str] = []

    def install(names: Sequence[str], echo: object) -> list[str]:
        asked.extend(names)
        isolab.find("chromium", "firefox", "webkit")
        return []

    isolab.monkeypatch.setattr("isolab.cli.doctor.install", install)
    _examined(isolab, Enforcement(), Enforcement(), Enforcement())
    assert isolab("doctor", "--install") == 0
    assert asked == ["webkit"]
    assert "missing" not in isolab.out


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the libraries come with the system")
def test_doctor_gets_the_libraries_of_builds_that_do_not_start(isolab: CommandLine) -> None:
    """As where a cache has brought Playwright's builds into a new container."""
    asked: list[str] = []

    async def examine(engines: Sequence[Engine]) -> list[tuple[Engine, Enforcement | str]]:
        return [(engine, Enforcement() if engine.name in asked else "libgtk is missing") for engine in engines]

    engines = [replace(an_engine("chromium"), bundled=True), replace(an_engine("firefox"), bundled=True)]
    isolab.monkeypatch.setattr("isolab.cli.choose.find_engines", lambda *_, **__: [*engines, an_engine("webkit")])
    isolab.monkeypatch.setattr("isolab.cli.doctor.examine", examine)
    isolab.monkeypatch.setattr("isolab.cli.doctor.get_browser_libraries", lambda names, _say: asked.extend(names))
    assert isolab("doctor") == 3
    assert asked == []
    assert isolab("doctor", "--install") == 3
    # That of the system is the system's.
    assert asked == ["chromium", "firefox"]
    assert isolab.out.count("does not start") == 1


def test_where_windows_are_asked_for_the_advice_gets_some(isolab: CommandLine) -> None:
    isolab.find("firefox")
    assert isolab("run", "popup.yaml", "-e", "chromium", "--headed") == 3
    assert "the headless shell has no window" in isolab.err
    assert "doctor --install" not in isolab.err


def test_doctor_of_a_program_that_is_not_there(isolab: CommandLine) -> None:
    isolab.find_none("ISOLAB_FIREFOX names /none, which is not a program")
    for options in ([], ["--install"]):
        assert isolab("doctor", *options) == 3
        assert isolab.err.strip() == "error: ISOLAB_FIREFOX names /none, which is not a program"


def test_doctor_without_a_port(isolab: CommandLine) -> None:
    async def examine(_engines: Sequence[Engine]) -> None:
        raise PortError("cannot listen on 127.0.0.1")

    isolab.monkeypatch.setattr("isolab.cli.doctor.examine", examine)
    assert isolab("doctor") == 3
    assert isolab.err.strip() == "error: cannot listen on 127.0.0.1"


def test_what_the_ids_of_a_folder_begin_with_names_them_all(isolab: CommandLine) -> None:
    assert isolab("list", "sdk") == 0
    ids = [row.split()[0] for row in isolab.out.splitlines()[1:]]
    assert "sdk/msal-4" in ids
    assert all(one.startswith("sdk/") for one in ids)
    assert isolab("list", "sdk[x=y]") == 2
    assert isolab("list", "sdkk") == 2


def test_a_case_with_a_long_value_is_found_by_the_id_that_is_printed(isolab: CommandLine) -> None:
    isolab.write("long.yaml", SCENARIO.replace("unsafe-none", "x" * 300))
    assert isolab("run", "long.yaml", "--list") == 0
    first = isolab.out.splitlines()[0]
    assert isolab("check", first) == 0
    assert "1 case" in isolab.out
