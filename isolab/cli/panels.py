"""How `--help` groups the options of commands that have many; what is named nowhere stands last."""

from __future__ import annotations

import rich_click as click
from rich_click.utils import OptionGroupDict

_REPORTS: OptionGroupDict = {
    "name": "Reports",
    "options": ["--json", "--junit", "--html", "--sarif", "--markdown", "--github", "--baseline"],
}
_RUN: OptionGroupDict = {
    "name": "How they run",
    "options": ["--jobs", "--repeat", "--retries", "--timeout", "--headed", "--firefox-pref", "--artifacts"],
}
PANELS: dict[str, list[OptionGroupDict]] = {
    "run": [
        {"name": "Which cases", "options": ["--engine", "--grep", "--tag", "--last-failed", "--list", "--watch"]},
        _RUN,
        _REPORTS,
    ],
    "conform": [
        {"name": "Which rows", "options": ["--engine", "--executable", "--grep", "--tag", "--part", "--write"]},
        {"name": "How they run", "options": ["--jobs", "--repeat", "--timeout", "--headed"]},
        _REPORTS,
    ],
    "replay": [
        {"name": "Which cases", "options": ["--engine", "--grep", "--tag", "--all", "--list"]},
        {"name": "How they run", "options": ["--jobs", "--repeat", "--timeout", "--headed", "--artifacts"]},
        _REPORTS,
    ],
    "report": [_REPORTS],
}
"""For each command its groups in their order."""

HELP = click.RichHelpConfiguration(
    option_groups={f"isolab {name}": groups for name, groups in PANELS.items()},
    # One column for the name and its value: at 80 columns the sentences need the room.
    options_table_column_types=["opt_short", "opt_long_metavar", "help"],
    append_metavars_help_string="{}",
    max_width=100,
)
