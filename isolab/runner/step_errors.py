"""What keeps a step of a flow from being carried out."""

from __future__ import annotations

from isolab.scenario.case import Span


class StepError(Exception):
    """A step could not be carried out; `span` is its place in the scenario file."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


class Left(TimeoutError):  # noqa: N818  what a page did
    """A page went away before it answered."""
