"""A stage's label in what the user's own servers send: put before each declared host in a URL.

So such a server knows the hosts by the names that the scenario has for them, and the browser by those of the stage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from isolab.policy.terms import Origin

_SLASHES = r"//|\\/\\/|%2f%2f"
"""What stands before a host in an URL: as it is, within a string of JSON, within a query."""

_MENTIONED = re.compile(rb"(?://|\\/\\/)([a-z0-9][a-z0-9.-]*[a-z0-9])", re.IGNORECASE)

_TEXT = re.compile(r"text/|.*[/+](json|xml|javascript)$|application/x-www-form-urlencoded$", re.IGNORECASE)

Translate = Callable[[str], str]


def labelled(label: str, hosts: Iterable[str], *, bare: bool = False) -> Translate:
    """Put `label.` before each of these hosts in URLs of a text, as a whole: `cdn.app.example` is not `app.example`.

    `bare`: also where no scheme stands before it, as in Content-Security-Policy.
    """
    names = "|".join(sorted(map(re.escape, set(hosts)), key=len, reverse=True))
    if not label or not names:
        return lambda text: text
    before = rf"{_SLASHES}|(?<![\w.-])" if bare else _SLASHES
    found = re.compile(rf"({before})({names})(?![\w-]|\.\w)", re.IGNORECASE)
    return lambda text: found.sub(rf"\g<1>{label}.\g<2>", text)


def published(bases: Mapping[str, Origin]) -> Translate:
    """Put the origin that a server plays where a Location has the server's own address, as reverse proxies do."""

    def translate(location: str) -> str:
        for base, origin in bases.items():
            if re.match(rf"{re.escape(base)}(?![\w.:@-])", location):
                return f"{origin}{location.removeprefix(base)}"
        return location

    return translate


def is_text(content_type: str) -> bool:
    """Whether a body of this type is text, in which URLs may stand."""
    return bool(_TEXT.match(content_type.partition(";")[0].strip()))


def in_bytes(translate: Translate, content: bytes) -> bytes:
    """Translate a body. All that is looked for is ASCII, so its encoding need not be known."""
    return translate(content.decode("latin-1")).encode("latin-1")


def mentioned(content: bytes) -> set[str]:
    """The hosts (in small letters) that stand in URLs of a text: what a page that has it may ask for."""
    return {found.group(1).decode().lower() for found in _MENTIONED.finditer(content)}
