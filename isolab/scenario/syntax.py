"""What PyYAML finds wrong with the text, told in the words of the one who wrote it and shown where it can be mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import yaml

from isolab.scenario.core_schema import Loader
from isolab.scenario.positions import Extent

_INDICATORS = "*&!@%`|>"
"""What text cannot begin with unless it is in quotes (YAML 1.2, 7.3.3) and has no message of its own."""
_STARTS_AN_INDICATOR = ("an alias", "an anchor", "a tag", "a directive", "a block scalar")
_WORD = re.compile(r"[^\s,\[\]{}#\"'\\]+(?=[ ]*(?:$|[,\]}\n]|[ ]#))")
_ESCAPED = {'"': '\\"', "'": "''"}


@dataclass(frozen=True, slots=True)
class Fault:
    """The place, the message and the mend of a mistake in the syntax."""

    extent: Extent
    message: str
    hint: str = ""


class _Mark(Protocol):
    """A mark of PyYAML's, whichever of its parsers made it."""

    @property
    def index(self) -> int: ...


def explain(error: yaml.MarkedYAMLError, text: str) -> Fault:
    """The mistake behind the first thing that PyYAML could not read."""
    told = (rule(error, text) for rule in (_tab, _second_document, _unclosed, _misplaced_quote, _indicator))
    return next((fault for fault in told if fault is not None), None) or _other(error, text)


def swallowed(event: yaml.Event, text: str) -> Fault | None:
    """What PyYAML reads though it was meant otherwise: an anchor for nothing, a comment that touches a closing quote.

    The latter hides a quote that was not closed before (`"#a` on one line and `"#b"` on the next); a comment has to be
    set off by a space (YAML 1.2, 6.6).
    """
    if not isinstance(event, yaml.ScalarEvent):
        return None
    start, end = _at(event.start_mark), _at(event.end_mark)
    if event.anchor and not event.value and event.implicit[0]:
        return Fault((start, start + 1), "text that begins with `&` needs quotes", needs_quotes(text, start))
    if event.style in _ESCAPED and text[end : end + 1] == "#":
        return _misplaced(text, (text.index(event.style, start), end), end)
    return None


def needs_quotes(text: str, index: int) -> str:
    """The hint for text that begins with one of YAML's indicators at the index."""
    word = _WORD.match(text, index)
    return f'put it into quotes: "{word.group() if word else text[index] + "..."}"'


def _at(mark: _Mark | None) -> int:
    return mark.index if mark is not None else 0


def _tab(error: yaml.MarkedYAMLError, text: str) -> Fault | None:
    index = _at(error.problem_mark)
    problem = error.problem or ""
    blamed = "tab character" in problem or "cannot start any token" in problem
    if not blamed or text[index : index + 1] != "\t":
        return None
    return Fault((index, index + 1), "this line is indented with a tab, which YAML does not allow", "use spaces")


def _second_document(error: yaml.MarkedYAMLError, _text: str) -> Fault | None:
    if not (error.context or "").startswith("expected a single document"):
        return None
    index = _at(error.problem_mark)
    hint = "one file for each scenario: move what follows to another file"
    return Fault((index, index + 3), "this file holds more than one document", hint)


def _unclosed(error: yaml.MarkedYAMLError, text: str) -> Fault | None:
    """The text or document ends inside quotes."""
    ends = re.search("end of stream|document (indicator|separator)", error.problem or "")
    if not ends or error.context != "while scanning a quoted scalar":
        return None
    index = _at(error.context_mark)
    return Fault((index, index + 1), "the quote that begins here is never closed", f"close it with {text[index]}")


def _misplaced_quote(error: yaml.MarkedYAMLError, text: str) -> Fault | None:
    """Something follows quoted text on its last line: that ends too late, at the next quote, or too early."""
    index = _at(error.problem_mark)
    for token in _quoted(text, index):
        start, end = _at(token.start_mark), _at(token.end_mark)
        follows = not text[end:index].strip(" \t" + _INDICATORS)
        if follows and ("\n" in text[start:end] or error.problem == "did not find expected key"):
            return _misplaced(text, (start, end), index)
    return None


def _misplaced(text: str, quoted: Extent, index: int) -> Fault:
    """What is wrong with the quotes when more text follows at the index: the opening one, if they are lines apart."""
    start, end = quoted
    inside = f"inside the quotes a {text[start]} is written {_ESCAPED[text[start]]}"
    if "\n" in text[start:end]:
        line = text.count("\n", 0, end) + 1
        message = f"the quote that begins here is closed only on line {line}"
        return Fault((start, start + 1), message, f"close it where its text ends; {inside}")
    return Fault((index, index + 1), "text follows the closing quote", f"put all of it into quotes; {inside}")


def _quoted(text: str, before: int) -> Iterator[yaml.ScalarToken]:
    """The scalars in quotes that end before the index."""
    try:
        for token in yaml.scan(text, Loader=Loader):  # type: ignore[arg-type]
            if _at(token.end_mark) > before:
                return
            if isinstance(token, yaml.ScalarToken) and token.style in _ESCAPED:
                yield token
    except yaml.MarkedYAMLError:
        return  # what comes after the mistake that is being explained is no mistake of its own


def _indicator(error: yaml.MarkedYAMLError, text: str) -> Fault | None:
    inside = any(error.context == f"while scanning {what}" for what in _STARTS_AN_INDICATOR)
    index = _at(error.context_mark if inside else error.problem_mark)
    char = text[index : index + 1]
    if not char or char not in _INDICATORS:
        return None
    name = "a backtick" if char == "`" else f"`{char}`"
    return Fault((index, index + 1), f"text that begins with {name} needs quotes", needs_quotes(text, index))


def _other(error: yaml.MarkedYAMLError, text: str) -> Fault:
    index = _at(error.problem_mark or error.context_mark)
    context = f" {error.context}" if error.context else ""
    line = text[text.rfind("\n", 0, index) + 1 :].partition("\n")[0]
    hint = 'inside {} and [] a placeholder needs quotes: "${{ name }}"' if "${{" in line else _of_indentation(error)
    return Fault((index, index + 1), f"this is not YAML: {error.problem}{context}", hint)


def _of_indentation(error: yaml.MarkedYAMLError) -> str:
    """PyYAML finds out only later that a line stands too far left or right."""
    problem = error.problem or ""
    if problem.startswith("mapping values are not allowed"):
        return "text with `: ` in it needs quotes; else this line or the one above stands too far left or right"
    if problem.startswith("did not find expected key"):
        return "this line, or one above, stands too far left or right"
    if problem.startswith("did not find expected '-' indicator"):
        return "a key of the entry above stands as far right as that entry's first key"
    return ""
