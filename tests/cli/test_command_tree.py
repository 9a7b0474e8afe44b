"""`commands.json`, from which shells complete, says what the commands are."""

from __future__ import annotations

from isolab.cli.command_tree import text, tree
from isolab.cli.completing import TREE


def test_the_file_is_what_the_commands_are() -> None:
    assert TREE.read_text(encoding="utf-8") == text(), "where options have changed: python -m isolab.cli.command_tree"


def test_what_options_take() -> None:
    run = tree()["commands"]["run"]
    kinds = {option["names"][-1]: option["kind"] for option in run["options"]}
    assert (kinds["--engine"], kinds["--tag"], kinds["--grep"]) == ("words", "tag", "text")
    assert (kinds["--json"], kinds["--artifacts"], kinds["--headed"]) == ("file", "folder", "flag")
    assert run["argument"] == {"kind": "scenario"}
    assert tree()["commands"]["completion"]["argument"]["words"] == ["bash", "zsh", "fish"]


def test_every_argument_is_completed() -> None:
    kinds = {name: (entry["argument"] or {}).get("kind") for name, entry in tree()["commands"].items()}
    assert [name for name, kind in kinds.items() if kind == "text"] == []
    assert kinds["report"] == "file"
