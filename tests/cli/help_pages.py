"""What `--help` shows at 80 columns; `python tests/cli/help_pages.py` writes the golden pages anew."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from isolab.cli.app import group

GOLDEN = Path(__file__).parent / "golden" / "help"
COMMANDS = ("", *sorted(group.commands))


def page(command: str) -> str:
    """The help of a command ("" for isolab itself) as somebody sees it in a narrow terminal without colours."""
    runner = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"})
    shown = runner.invoke(group, [*command.split(), "--help"], prog_name="isolab").output
    return "\n".join(line.rstrip() for line in shown.splitlines()).strip() + "\n"


def golden(command: str) -> Path:
    """Where the page is kept."""
    return GOLDEN / f"{command or 'isolab'}.txt"


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for each in COMMANDS:
        golden(each).write_text(page(each), encoding="utf-8")
