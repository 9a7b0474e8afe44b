"""Commands that are imported when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
import rich_click as click

from isolab.cli.app import PLACES, group
from isolab.cli.on_demand import OnDemand

_NOT_IMPORTED = """
import sys
{before}
came = sorted({{name.split(".")[0] for name in sys.modules}} & {{{modules}}})
assert not came, came
"""


def test_each_place_has_the_command_of_its_name() -> None:
    assert {name: command.name for name, command in group.commands.items()} == {name: name for name in PLACES}


def test_each_is_taught_once_and_stays_the_same() -> None:
    first = group.commands["run"]
    assert group.commands["run"] is first
    assert str(first.epilog).count("Exit codes:") == 1


def test_asking_which_there_are_imports_none() -> None:
    commands = OnDemand({"one": "isolab.there_is_no_such_module:one"})
    assert (list(commands), len(commands), "one" in commands, "two" in commands) == (["one"], 1, True, False)
    with pytest.raises(ModuleNotFoundError):
        commands["one"]
    with pytest.raises(KeyError):
        commands["two"]


def test_others_can_be_added_and_taken_away() -> None:
    commands = OnDemand({})
    commands["one"] = click.Command("one")
    assert commands["one"].name == "one"
    del commands["one"]
    assert not commands


@pytest.mark.parametrize(
    ("before", "modules"),
    [
        (
            "import isolab.cli.app; list(isolab.cli.app.group.commands)",
            "'aiohttp', 'playwright', 'selenium'",
        ),
        # An editor and a hook before each commit run these two.
        ("import isolab.cli.app, isolab.cli.check", "'aiohttp', 'playwright', 'selenium'"),
        ("import isolab.cli.app, isolab.cli.explain", "'aiohttp', 'playwright', 'selenium'"),
        ("import isolab.cli.app, isolab.cli.run", "'selenium'"),
    ],
)
def test_what_a_command_does_not_need_is_not_imported(before: str, modules: str) -> None:
    program = _NOT_IMPORTED.format(before=before, modules=modules)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
