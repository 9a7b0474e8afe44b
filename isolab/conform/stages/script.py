"""The scripts of scenes: what their pages and workers measure, in files of JavaScript beside this module."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from isolab.policy.response import Hop

_FOLDER = Path(__file__).with_name("scripts")
_JAVASCRIPT = ("Content-Type", "text/javascript")


def page_with(libraries: Sequence[str], call: str, frames: Sequence[str] = ()) -> str:
    """Write the HTML of a page whose script has these libraries and does this, before its frames load."""
    return "\n".join([f'<script nonce="isolab">\n{script_with(libraries, call)}</script>', *frames, ""])


def frame_of(page: str, **attributes: str) -> str:
    """Write the element of a frame that shows a page."""
    given = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
    return f'<iframe src="{url_of(page)}"{given}></iframe>'


def script_with(libraries: Sequence[str], call: str) -> str:
    """Write a script that has these libraries and does this."""
    return "\n".join([*map(_library, libraries), f"{call};", ""])


def as_script(response: Hop, path: str) -> Hop:
    """Give the response as that of a script of this path: it is served as it stands."""
    headers = (*response.headers, _JAVASCRIPT)
    return replace(response, url=f"{response.origin}{path}", headers=headers)


def at(response: Hop, path: str) -> Hop:
    """Give the response at another path."""
    return replace(response, url=f"{response.origin}{path}")


def url_of(page: str) -> str:
    """Stand for a page's real address in a script: it is filled in when the script is served."""
    return f"${{{{ url.{page} }}}}"


def given(options: Mapping[str, Any]) -> str:
    """Write options as a script has them, without those that say nothing."""
    return json.dumps({key: value for key, value in options.items() if value}).replace("</", "<\\/")


@cache
def _library(name: str) -> str:
    return (_FOLDER / f"{name}.js").read_text(encoding="utf-8")
