"""What README and docs promise holds: their scenario files load, their commands and facts exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from isolab.bootstrap import ROOT
from isolab.cli.app import group
from isolab.scenario.facts import FACTS
from isolab.scenario.load import load_scenarios
from isolab.scenario.presets import presets
from isolab.scenario.provider import ENDPOINTS, PATHS

README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")


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
