"""The commands: options in, exit code out."""

from __future__ import annotations

import os


def main(args: tuple[str, ...] | None = None) -> None:
    """Be the command `isolab`; ends the process with its exit code, 130 wherever Ctrl-C comes.

    Nothing is imported above: each import takes time, in which Ctrl-C would be a traceback.
    """
    try:
        if wanted := os.environ.get("_ISOLAB_COMPLETE"):
            # A shell asks what to offer at Tab: long before the commands were imported.
            from isolab.cli.completing import answer

            raise SystemExit(answer(wanted))
        from isolab.cli.start import start

        start(args)
    except KeyboardInterrupt:
        # As a shell counts a command that SIGINT (2) has ended; reports.tally says so too, and is not imported yet.
        raise SystemExit(128 + 2) from None


__all__ = ["main"]
