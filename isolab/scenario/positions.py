"""A YAML file as plain data that remembers where everything stands."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from isolab.scenario.case import Source, Span
from isolab.scenario.problem import Problem

Path = tuple[str | int, ...]
"""Where something is in the data: keys and list indexes from the top."""

Extent = tuple[int, int]
"""Where something is in the text: its first character's index and the one past its last."""


@dataclass(frozen=True)
class Text:
    """A source whose characters can be found by index; an index past the end is the end."""

    source: Source

    @cached_property
    def _starts(self) -> list[int]:
        text = self.source.text
        return [0, *(index + 1 for index, char in enumerate(text) if char == "\n")]

    def span(self, extent: Extent) -> Span:
        """The extent's part on its first line."""
        start = min(extent[0], len(self.source.text))
        row = bisect_right(self._starts, start) - 1
        line_end = self.source.text.find("\n", start)
        end = min(extent[1], len(self.source.text) if line_end < 0 else line_end)
        column = start - self._starts[row] + 1
        return Span(row + 1, column, max(column, column + end - start))


@dataclass(frozen=True)
class Document:
    """A file's data, and the extents of its values and of its mappings' keys."""

    source: Source
    data: object
    values: dict[Path, Extent] = field(repr=False)
    keys: dict[Path, Extent] = field(repr=False)

    @cached_property
    def text(self) -> Text:
        """The source, to be asked for spans."""
        return Text(self.source)

    def key(self, path: Path) -> Span:
        """Where the key of a mapping's entry stands; a list's item has none, so its value's place is given."""
        return self.text.span(self.keys[path]) if path in self.keys else self.value(path)

    def value(self, path: Path) -> Span:
        """Where a value stands: a scalar itself, a mapping's first key, a list's first item; its key if it is empty."""
        start, end = self.values.get(path, (0, 0))
        first = self.first_key(path)
        if first is not None:
            return self.text.span(first)
        if start == end and path in self.keys:
            return self.text.span(self.keys[path])
        return self.text.span((start, end))

    def entry(self, path: Path) -> Span:
        """A mapping's entry from its key to the end of its value, as far as they share a line."""
        start, end = self.keys.get(path, (0, 0))
        return self.text.span((start, max(end, self.values.get(path, (0, 0))[1])))

    def first_key(self, path: Path) -> Extent | None:
        """The extent of a mapping's first key, None for anything else."""
        here = self.at(path)
        return self.keys.get((*path, next(iter(here)))) if isinstance(here, dict) and here else None

    def fragment(self, path: Path, fragment: str) -> Span:
        """Where a piece of a scalar's text stands in the file; the whole scalar where escapes hide it."""
        start, end = self.values.get(path, (0, 0))
        index = self.source.text.find(fragment, start, end)
        return self.value(path) if index < 0 else self.text.span((index, index + len(fragment)))

    def at(self, path: Path) -> object:
        """The value at a path, None where there is none."""
        here = self.data
        for part in path:
            entries = dict(enumerate(here)) if isinstance(here, list) else here
            if not isinstance(entries, dict) or part not in entries:
                return None
            here = entries[part]
        return here


class Report:
    """The problems of one document; each place has each message once, however many cases find it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._problems: dict[tuple[str, Span], Problem] = {}

    @property
    def problems(self) -> list[Problem]:
        """What was reported, in the order of the file."""
        return sorted(self._problems.values(), key=_position)

    def value(self, code: str, path: Path, message: str, hint: str = "") -> None:
        """A problem with the value at a path."""
        self.span(code, self.document.value(path), message, hint)

    def key(self, code: str, path: Path, message: str, hint: str = "") -> None:
        """A problem with the key of the entry at a path."""
        self.span(code, self.document.key(path), message, hint)

    def span(self, code: str, span: Span, message: str, hint: str = "") -> None:
        """A problem with a place in the text."""
        self._problems.setdefault((message, span), Problem(code, message, self.document.source, span, hint))

    def __bool__(self) -> bool:
        return bool(self._problems)


def _position(problem: Problem) -> tuple[int, int]:
    return (problem.span.line, problem.span.column) if problem.span else (0, 0)
