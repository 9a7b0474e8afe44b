"""A line of a file with carets under the wrong part, as compilers print it."""

from __future__ import annotations

from rich.cells import cell_len

from isolab.scenario.case import Source, Span

_TAB = "    "
_WIDEST = 160
_BEFORE = 60


def location(source: Source, span: Span) -> str:
    """The line `  --> file:line:column`, indented like the gutter of :func:`excerpt`."""
    return f"{_gutter(span)}--> {source.path}:{span.line}:{span.column}"


def excerpt(source: Source, span: Span, message: str) -> str:
    """The location, the line itself, and carets under `span` followed by `message` (may be empty).

    Tabs and wide characters are measured as a terminal shows them, so the carets stand under the text. A line that
    is too long for a terminal is cut around the span.
    """
    before, marked, after = _cut(_line(source, span.line), span)
    gutter = _gutter(span)
    carets = " " * cell_len(before) + "^" * max(1, cell_len(marked))
    return "\n".join(
        [
            location(source, span),
            f"{gutter} |",
            f"{span.line} | {before}{marked}{after}".rstrip(),
            f"{gutter} | {carets} {message}".rstrip(),
        ]
    )


def _gutter(span: Span) -> str:
    return " " * len(str(span.line))


def _line(source: Source, number: int) -> str:
    lines = source.text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def _cut(line: str, span: Span) -> tuple[str, str, str]:
    """The parts before, in and after the span, cut to what a terminal can show."""
    start, end = span.column - 1, max(span.column, span.end_column) - 1
    first = max(0, start - _BEFORE) if len(line) > _WIDEST else 0
    last = first + _WIDEST
    before = ("…" if first else "") + _shown(line[first:start])
    after = _shown(line[min(end, last) : last]) + ("…" if len(line) > last else "")
    return before, _shown(line[start : min(end, last)]), after


def _shown(text: str) -> str:
    """The text with a fixed width for tabs and nothing in it that a terminal would obey."""
    return "".join(
        _TAB if char == "\t" else char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )
