"""What README and docs promise holds: their scenario files load, their commands and facts exist."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
import rich_click as click
from command_lines import accept, isolab_commands
from docs_blocks import Reader, blocks, unlike

from isolab.bootstrap import ROOT
from isolab.cli.app import group
from isolab.cli.outputs import Outputs
from isolab.reports import json_file
from isolab.reports.document import document
from isolab.reports.form import BaselineEntry
from isolab.reports.retold import changed
from isolab.reports.tally import Tally
from isolab.scenario.facts import FACTS
from isolab.scenario.load import load_scenarios
from isolab.scenario.presets import presets
from isolab.scenario.provider import ENDPOINTS, PATHS

README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]


def test_the_scenario_of_the_readme_loads(tmp_path: Path) -> None:
    block = re.search(r"<!-- scenario -->\n```yaml\n(.*?)```", README, re.DOTALL)
    assert block
    (tmp_path / "signin.yaml").write_text(block.group(1), encoding="utf-8")
    cases = load_scenarios([tmp_path / "signin.yaml"])
    assert [case.params["provider"] for case in cases] == [None, "same-origin"]
    assert [c.expected for c in cases[1].checks if c.what == "login.opener"] == ["severed"]


def test_the_scenario_with_a_server_of_ones_own_loads(tmp_path: Path) -> None:
    block = re.search(r"<!-- own server -->\n```yaml\n(.*?)```", MANUAL, re.DOTALL)
    assert block
    (tmp_path / "own.yaml").write_text(block.group(1), encoding="utf-8")
    cases = load_scenarios([tmp_path / "own.yaml"])
    assert [case.params["coop"] for case in cases] == [None, "same-origin", "same-origin-allow-popups"]
    assert [upstream.url for upstream in cases[0].upstreams.values()] == ["http://127.0.0.1:8000"]


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`isolab (\w+)", README + MANUAL))))
def test_every_command_that_is_named_exists(command: str) -> None:
    assert command in group.commands


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--?[a-z-]+)[ `]", README))))
def test_every_option_of_run_that_is_named_exists(option: str) -> None:
    known = {name for one in ("run", "doctor") for param in group.commands[one].params for name in param.opts}
    assert option in known


def test_there_are_exactly_two_commands_for_a_fresh_machine() -> None:
    commands = re.findall(r"<!-- (?:run|test) -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert [command.strip() for command in commands] == [
        "python3 -m isolab.bootstrap run",
        "python3 -m isolab.bootstrap test",
    ]


@pytest.mark.parametrize("page", ["popup-signin-regression", "shared-memory", "reproduce-a-report"])
def test_a_page_for_a_use_says_how_isolab_comes_here(page: str) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    assert "README.md#in-a-project-of-your-own" in text.partition("\n## ")[0]


@pytest.mark.parametrize("page", PAGES)
def test_files_are_changed_as_every_sed_can(page: str) -> None:
    """That of macOS takes what follows a bare `-i` for the ending of the copy that it keeps."""
    assert "sed -i " not in (ROOT / page).read_text(encoding="utf-8")


def test_a_project_of_ones_own_gets_an_environment_first() -> None:
    section = README.partition("## In a project of your own")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    commands = block.splitlines()
    assert commands[:2] == ["python3 -m venv .venv", ". .venv/bin/activate"]
    assert commands[-1] == "isolab doctor --install"


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_every_fact_is_in_the_manual(fact: str) -> None:
    assert re.search(rf"`(WINDOW\.)?{re.escape(fact)}`", MANUAL)


def test_the_scenario_of_the_sign_in_page_loads_and_every_preset_is_told(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "signin.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert block
    (tmp_path / "msal.yaml").write_text(block.group(1), encoding="utf-8")
    assert len(load_scenarios([tmp_path / "msal.yaml"])) == 3
    assert [name for name in presets() if f"`{name}`" not in page] == []
    assert [name for name in ENDPOINTS if f"| `{name}` | `{PATHS[name]}` |" not in page] == []


def test_the_page_about_embeds_tells_of_every_scenario_there() -> None:
    page = (ROOT / "docs" / "breakage-isolation.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)
    assert sorted(told) == sorted(path.stem for path in (ROOT / "scenarios" / "breakage" / "embeds").glob("*.yaml"))


def test_a_false_fix_is_told_beside_the_real_one() -> None:
    page = (ROOT / "docs" / "breakage-isolation.md").read_text(encoding="utf-8")
    told = page.partition("## False fixes")[2].partition("\n## ")[0]
    scenarios = {
        case.scenario
        for case in load_scenarios([ROOT / "scenarios" / "breakage" / "embeds"])
        if "false-fix" in case.tags
    }
    assert sorted(re.findall(r"^\| `([\w-]+)` \|", told, re.MULTILINE)) == sorted(Path(name).stem for name in scenarios)


REPORTS = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", re.findall(r"```sh\n(.*?)```", REPORTS, re.DOTALL))
def test_the_commands_of_the_page_of_reports_are_understood(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, name, *arguments = shlex.split(block)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results.json").write_text(json_file.render(document(Tally())), encoding="utf-8")
    command = group.commands[name]
    assert program == "isolab"
    # Parsed as the command line does, results files read and all; what it does then is tested elsewhere.
    assert command.make_context(name, list(arguments)).params


def test_the_page_of_reports_names_every_option_for_them() -> None:
    known = {option for param in group.commands["report"].params for option in param.opts}
    told = set(re.findall(r"^\| `(--[a-z]+)", REPORTS, re.MULTILINE))
    assert told == known & {f"--{field.name}" for field in fields(Outputs) if field.init}


def test_the_example_of_a_baseline_is_what_is_told() -> None:
    block = re.search(r"```text\n(since .*?)```", REPORTS, re.DOTALL)
    assert block
    case = "signin/popup[app.coop=same-origin]"
    told: BaselineEntry = {
        "file": "results.json",
        "started": "2026-11-22T10:00:00Z",
        "engines": [{"engine": "firefox", "before": "152.0", "after": "153.8.0"}],
        "changes": [
            {
                "id": case,
                "engine": "firefox",
                "before": "passed",
                "after": "failed",
                "checks": [
                    {
                        "what": "popup.opener",
                        "before": "preserved",
                        "after": "severed",
                        "seen_before": True,
                        "seen_after": True,
                    }
                ],
            }
        ],
        "new": 0,
        "gone": 0,
    }
    results = {**document(Tally()), "baseline": told}
    lines = [line.plain for line in changed(results)]  # type: ignore[arg-type]  # a results file
    assert "\n".join(lines) == block.group(1)


COMMANDS = sorted(
    {
        (page, command)
        for page in PAGES
        for block in blocks(page)
        if block.kind in ("sh", "console", "yaml")
        for command in isolab_commands(block.text)
    }
)


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_every_command_of_every_page_is_accepted(page: str, command: str) -> None:
    accept(command)


def test_a_wrong_command_would_be_noticed() -> None:
    assert isolab_commands("  - isolab run a --html b\n$ cat x | isolab explain -\nisolabs\n") == [
        "isolab run a --html b",
        "isolab explain -",
    ]
    for wrong in ("isolab rnu", "isolab run --htlm report.html", "isolab run -e safari"):
        with pytest.raises(click.UsageError):
            accept(wrong)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)]*)\)", text):
        name, _, place = target.partition("#")
        file = (ROOT / page).parent / name if name else ROOT / page
        assert file.exists(), target
        assert not place or place in _anchors(file.read_text(encoding="utf-8")), target


def _anchors(text: str) -> set[str]:
    """The headings as links name them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    ("shown", "told", "missing"),
    [
        (["1 passed in chromium ..."], "x\n1 passed in chromium 156.0 (3 s)\n", None),
        (["1 passed in chromium ..."], "11 passed in chromium 156.0 (3 s)\n", "1 passed in chromium ..."),
        (["a", "b"], "b\na\n", "b"),
        (["a ... c"], "a b c\n", None),
        (["a ... c"], "a b cd\n", "a ... c"),
    ],
)
def test_what_is_shown_is_looked_for_in_order(shown: list[str], told: str, missing: str | None) -> None:
    assert unlike(shown, told) == missing


def test_the_page_about_editor_and_shell_can_be_followed(tmp_path: Path) -> None:
    Reader(tmp_path, environ={"HOME": str(tmp_path)}).follow("docs/editor-and-shell.md")
    made = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert made == [
        ".config/fish/completions/isolab.fish",
        ".local/share/bash-completion/completions/isolab",
        ".zfunc/_isolab",
        "isolab.schema.json",
    ]
    (pointer,) = [block.text for block in blocks("docs/editor-and-shell.md") if block.kind == "yaml"]
    folder = tmp_path / "scenarios"
    assert (folder / pointer.strip().partition("$schema=")[2]).resolve() == (tmp_path / "isolab.schema.json").resolve()
