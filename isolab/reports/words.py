"""The words that every report uses, and text from outside made harmless.

Headers, titles, URLs and what pages say come from whoever wrote them: they may hold escape sequences or characters
that turn the reading direction. Every text passes `visible` (or `say`) before a person sees it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

from yaml.nodes import ScalarNode

from isolab.runner.result import OUTCOMES, Outcome
from isolab.scenario.core_schema import STR, Loader

_YAML = Loader("")
_JSON_BEGINS = ('"', "[", "{")

_LONG_QUERY = re.compile(r"(\b[a-z]+://[^\s?]*\?\S{24})\S{17,}")
"""A URL with a query of more than 40 characters, and as much of it as shows what it is."""

_PICTURES = 0x2400
_DELETE = 0x7F
_MENDED = {"\t": " ", chr(_DELETE): "\u2421"}

LABELS: dict[Outcome, str] = {outcome: outcome.replace("-", " ") for outcome in OUTCOMES}
"""How people read an outcome: `known-difference` is `known difference`."""

GRAVITY: tuple[Outcome, ...] = (
    "error",
    "failed",
    "unexpected-pass",
    "flaky",
    "known-difference",
    "passed",
    "skipped",
)
"""The worst first: what counts where a case ran more than once."""

STYLES: dict[Outcome, str] = {
    "passed": "green",
    "failed": "bold red",
    "error": "bold red",
    "skipped": "dim",
    "known-difference": "yellow",
    "unexpected-pass": "magenta",
    "flaky": "yellow",
}
"""Rich styles; colour never says anything that the words do not."""


def worst(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Give the outcome that weighs most, or None where there is none."""
    return min(outcomes, key=GRAVITY.index, default=None)


def visible(text: str) -> str:
    """Give the text with each character that does not print replaced by one that does (so carets still stand right).

    Line feeds stay. The outcome holds no control character, no lone surrogate and nothing that XML 1.0 forbids.
    """
    return text if text.isprintable() else "".join(_shown(character) for character in text)


def short_urls(text: str) -> str:
    """Cut a long query off every URL in the text: a sign-in's parameters would fill the screen."""
    return _LONG_QUERY.sub(r"\1...", text)


def one_line(text: str) -> str:
    """Like `visible`, and line feeds are shown as a space: for the cells of tables."""
    return visible(" ".join(text.splitlines()))


def say(value: object) -> str:
    """Write a value as scenario files write it: `true`, `null`, `severed`; no two values are written alike.

    Text that would read as something else (`"3"`, `""`, `"end "`) or does not print is in quotes, with JSON's escapes.
    Objects and lists, which a page may say, are JSON.
    """
    if isinstance(value, str) and _says_itself(value):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def _says_itself(text: str) -> bool:
    plain = text.isprintable() and text == text.strip() and not text.startswith(_JSON_BEGINS)
    if not plain:
        return False
    tag: str = _YAML.resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # PyYAML has no types
    return tag == STR


def set_by(setters: Iterable[str], header: str, before: str) -> str:
    """Name who often sets the policy that cuts a link; `header` is empty where it is that of the page `before`."""
    names = ", ".join(setters)
    return names if header or not names else f"{names} (the {before} before it)"


def plural(count: int, noun: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def seconds(duration_s: float) -> str:
    """`0.31 s`, `12.3 s`, `2 min 05 s`."""
    if duration_s < 10:  # noqa: PLR2004 - under ten seconds two decimals are worth reading
        return f"{duration_s:.2f} s"
    if duration_s < 60:  # noqa: PLR2004 - a minute
        return f"{duration_s:.1f} s"
    minutes, rest = divmod(round(duration_s), 60)
    return f"{minutes} min {rest:02} s"


def _shown(character: str) -> str:
    if character.isprintable() or character == "\n":
        return character
    if character in _MENDED:
        return _MENDED[character]
    if unicodedata.category(character) == "Zs":
        # Spaces that do not break lines, or are narrow or wide: French and Japanese have them in many a title.
        return " "
    # The block "Control Pictures" has one glyph for each C0 control character.
    return chr(_PICTURES + ord(character)) if ord(character) < ord(" ") else "\ufffd"
