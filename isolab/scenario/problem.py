"""A mistake in a scenario file as one message: what, where, the line with a caret, and the mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from isolab.scenario.case import Source, Span
from isolab.scenario.excerpt import excerpt


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake; `code` is a stable name of its kind, `hint` the mend, `span` None where no place can be shown."""

    code: str
    message: str
    source: Source
    span: Span | None = None
    hint: str = ""

    def __str__(self) -> str:
        if self.span is not None:
            return f"error: {self.message}\n{excerpt(self.source, self.span, self.hint)}"
        hint = f"\n  = {self.hint}" if self.hint else ""
        return f"error: {self.message}\n  --> {self.source.path}{hint}"


class ScenarioErrors(Exception):  # noqa: N818 - a collection
    """Every mistake of every file that was to be loaded (exit code 2); `str()` is all messages, ready to print."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n\n".join(map(str, self.problems)))
