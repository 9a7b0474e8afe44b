"""`--help` at 80 columns is what the golden pages show, and what it shows is right."""

from __future__ import annotations

import pytest
import rich_click as click
from command_lines import accept, isolab_commands
from help_pages import COMMANDS, GOLDEN, golden, page

from isolab.cli.app import group
from isolab.cli.examples import EXAMPLES, EXIT_CODES
from isolab.cli.help import epilog, teach

NAMES = sorted(group.commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_the_golden_page(command: str) -> None:
    assert page(command) == golden(command).read_text(encoding="utf-8"), (
        "where the change is meant: python tests/cli/help_pages.py"
    )


def test_every_golden_page_has_its_command() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(golden(command).name for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_wider_than_80_columns_or_cut(command: str) -> None:
    text = golden(command).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if len(line) > 80 or "…" in line] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_two_to_four_examples(name: str) -> None:
    assert 2 <= len(EXAMPLES[name]) <= 4


@pytest.mark.parametrize("line", [example.command for each in EXAMPLES.values() for example in each])
def test_every_example_is_accepted(line: str) -> None:
    (command,) = isolab_commands(line)
    accept(command)


def test_examples_and_exit_codes_belong_to_commands() -> None:
    assert set(EXAMPLES) == {*NAMES, "isolab"}
    assert set(EXIT_CODES) <= {*NAMES, "isolab"}
    for codes in EXIT_CODES.values():
        numbers = [code for code, _ in codes]
        assert numbers == sorted(set(numbers))


def test_whole_numbers_take_little_room() -> None:
    command = click.RichCommand(name="nothing", params=[click.Option(["--jobs"], type=click.IntRange(1))])
    teach(command)
    assert command.params[0].metavar == "N"


def test_an_epilog_of_nothing_is_empty() -> None:
    assert epilog((), ()).plain == ""
    assert epilog((), ((0, "fine"),)).plain == "Exit codes:\n  0    fine"
