"""Style and script of the page, and the policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

STYLES = ("page.css", "overview.css", "case.css", "picture.css")
SCRIPTS = ("unpack.js", "elements.js", "address.js", "picture.js", "case.js", "filter.js", "keys.js", "start.js")
"""In the order in which they are joined; the scripts make one module."""


@cache
def style() -> str:
    """Give the page's style sheet."""
    return _joined(STYLES)


@cache
def script() -> str:
    """Give the page's script, a module."""
    return _joined(SCRIPTS)


@cache
def policy() -> str:
    """Give the page's Content-Security-Policy: its own script and style run, and nothing is ever fetched."""
    return (
        f"default-src 'none'; script-src '{_digest(script())}'; style-src '{_digest(style())}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _joined(names: tuple[str, ...]) -> str:
    folder = resources.files("isolab.reports.html").joinpath("inlined")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8").strip() for name in names)


def _digest(text: str) -> str:
    """Hash an element's text as policies do (CSP3, 6.7.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
