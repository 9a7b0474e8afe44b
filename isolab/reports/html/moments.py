"""The moments of a case as the picture shows them: isolation headers first, and every text fit to be seen."""

from __future__ import annotations

from collections.abc import Iterable

from isolab.reports.html.packing import Plain
from isolab.reports.words import short_urls, visible
from isolab.runner.moment import Moment

ISOLATION = (
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "cross-origin-opener-policy-report-only",
    "cross-origin-embedder-policy-report-only",
    "document-isolation-policy",
    "origin-agent-cluster",
    "permissions-policy",
    "content-security-policy",
    "reporting-endpoints",
    "access-control-allow-origin",
    "location",
    "refresh",
)
"""The headers that decide what happens, the weightiest first."""


def moments(timeline: Iterable[Moment]) -> list[Plain]:
    """Give the moments without their times."""
    return [_shown(moment) for moment in timeline]


def _shown(moment: Moment) -> dict[str, Plain]:
    shown = {key: _text(value) for key, value in moment.items() if key not in ("at_s", "headers")}
    if "headers" in moment:
        weighty, others = _sorted(moment["headers"])
        shown |= {"weighty": [visible(line) for line in weighty], "others": [visible(line) for line in others]}
    return shown


def _text(value: object) -> Plain:
    if isinstance(value, str):
        return visible(short_urls(value) if "?" in value else value)
    return value if isinstance(value, int | float | bool) else None


def _sorted(headers: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those that decide something in the order of their weight, and all others as they were sent."""
    weighty: list[str] = []
    others: list[str] = []
    for line in headers:
        (weighty if _name(line) in ISOLATION else others).append(line)
    return sorted(weighty, key=lambda line: ISOLATION.index(_name(line))), others


def _name(line: str) -> str:
    return line.partition(":")[0].strip().lower()
