"""The commands: options in, exit code out."""

from isolab.cli.app import main

__all__ = ["main"]
