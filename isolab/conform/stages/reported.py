"""What scenes about reports have in common: the endpoints, and the page that asks what has come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from isolab.conform.scene import Scene
from isolab.conform.stages.script import given, page_with
from isolab.policy.response import Hop

ASKER = "reports"
"""The page, opened last, that asks what the lab has collected."""
_NAMED = re.compile(r'report-to="([^"]*)"')
_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_ANY = "endpoint"
_CONTROL = (
    ("Content-Security-Policy-Report-Only", "img-src 'none'; report-to control"),
    ("Reporting-Endpoints", 'control="${{ report.control }}"'),
)


def with_endpoints(page: str, response: Hop) -> tuple[Hop, dict[str, str]]:
    """Give the response with the endpoints that its policies name, and by that name what the lab collects them as.

    A row may leave out (`"..."`) what its endpoint is called: then that is no name that a header can have.
    """
    headers = tuple((name, _NAMED.sub(_proper, value)) for name, value in response.headers)
    named = {name: f"{page}-{name}" for _, value in headers for name in _NAMED.findall(value)}
    if not named:
        return response, {}
    endpoints = ", ".join(f'{name}="${{{{ report.{collected} }}}}"' for name, collected in named.items())
    return replace(response, headers=(*headers, ("Reporting-Endpoints", endpoints))), named


def asker(scene: Scene, home: Hop, call: str, options: Mapping[str, Any]) -> None:
    """Add the page that asks, and the last step, which opens it; it says what has come under `page.says`."""
    # Only secure contexts report: https, whatever the page is.
    origin = replace(home.origin, scheme="https", port=None)
    scene.page("control", Hop(f"{origin}/control", origin), fixture="image")
    html = page_with(("reports",), f"{call}({given(options)})")
    scene.page(ASKER, Hop(f"{origin}/{ASKER}", origin, 200, _CONTROL), html=html)
    scene.flow.append({"open": ASKER})


def _proper(named: re.Match[str]) -> str:
    return named[0] if _KEY.fullmatch(named[1]) else f'report-to="{_ANY}"'
