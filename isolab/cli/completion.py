"""`isolab completion`: the script by which a shell completes commands, options, engines, tags and ids."""

from __future__ import annotations

import rich_click as click

from isolab.cli.completing import script
from isolab.reports.exit_code import EXIT_OK


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(*, shell: str) -> int:
    """Print the script that completes isolab's commands, options, engines, tags and ids in a shell.

    It knows no options itself and asks isolab at each Tab: once kept in a file it stays right when isolab is upgraded.
    """
    click.echo(script(shell), nl=False)
    return EXIT_OK
