"""A stand-in for running commands: it keeps what was asked and answers from a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isolab.engines.system import Ran


@dataclass
class Recorder:
    """`failing`: words; a command that has one of them ends with exit code 1 and `output`."""

    failing: tuple[str, ...] = ()
    output: str = ""
    commands: list[tuple[str, ...]] = field(default_factory=list)
    deadlines: list[float | None] = field(default_factory=list)

    def __call__(
        self, command: Sequence[str], timeout_s: float | None = None, environ: Mapping[str, str] | None = None
    ) -> Ran:
        self.commands.append(tuple(command))
        self.deadlines.append(timeout_s)
        return Ran(tuple(command), int(any(word in command for word in self.failing)), self.output)

    def having(self, *words: str) -> list[tuple[str, ...]]:
        """The commands that have all of the words."""
        return [command for command in self.commands if set(words) <= set(command)]
