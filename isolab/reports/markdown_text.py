"""Text from outside within Markdown: in code spans, code blocks or escaped, so that it is never markup."""

from __future__ import annotations

import html
import re

from isolab.reports.words import one_line, visible

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~@:&$=^])")
_URL = re.compile(r"https?://[\w./#?=&%+~:-]+")
_TICKS = re.compile(r"`+")
_MARKUP_IN_HTML = re.compile(r"[`*_\[\]\\~@|$:]")


def code(text: str) -> str:
    """A code span that holds the text whatever it is, in one line; not for a table, whose cells end at a bar."""
    line = one_line(text)
    fence = "`" * (max((len(run) for run in _TICKS.findall(line)), default=0) + 1)
    padded = f" {line} " if line.startswith("`") or line.endswith("`") or not line.strip() else line
    return f"{fence}{padded}{fence}"


def block(text: str) -> str:
    """A code block that holds the text whatever it is."""
    shown = visible(text)
    fence = "`" * max(3, max((len(run) for run in _TICKS.findall(shown)), default=0) + 1)
    return f"{fence}text\n{shown}\n{fence}"


def plain(text: str) -> str:
    """Running text, in one line: every character that could be markup is escaped."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def link(text: str) -> str:
    """A link where the text is a web address and nothing else, else the text."""
    return f"<{text}>" if _URL.fullmatch(text) else plain(text)


def in_html(text: str) -> str:
    """Code within a line of HTML, which is no place for Markdown's own code spans."""
    shown = html.escape(one_line(text), quote=False)
    return f"<code>{_MARKUP_IN_HTML.sub(lambda found: f'&#{ord(found[0])};', shown)}</code>"
