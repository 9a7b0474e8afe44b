"""The endpoints that a response names for reports (Reporting API, 3.2; the older Report-To, 2018)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from http_sf import StructuredFieldError, parse
from http_sf.types import BareItemType

from isolab.policy.fields import Headers, combined

REPORTING_ENDPOINTS = "Reporting-Endpoints"
REPORT_TO = "Report-To"
SOURCE = "https://w3c.github.io/reporting/#header"


def reporting_endpoints(headers: Headers) -> dict[str, str]:
    """Read each endpoint's URL, as written, by its name: Reporting-Endpoints, and Report-To's groups for other names.

    What cannot be read counts as not sent. A URL may be relative to the response's.
    """
    return {**_groups(headers), **_endpoints(headers)}


def _endpoints(headers: Headers) -> dict[str, str]:
    text = combined(headers, REPORTING_ENDPOINTS)
    try:
        parsed = parse((text or "").encode("latin-1", "backslashreplace"), tltype="dict")
    except StructuredFieldError:
        return {}
    members = cast("Mapping[str, tuple[BareItemType | list[object], object]]", parsed)
    return {name: member[0] for name, member in members.items() if type(member[0]) is str}


def _groups(headers: Headers) -> dict[str, str]:
    """Read Report-To: JSON objects with commas between; of a group's endpoints the first is taken."""
    try:
        groups = json.loads(f"[{combined(headers, REPORT_TO) or ''}]")
    except ValueError:
        return {}
    found = (_group(group) for group in groups if isinstance(group, dict))
    return {name: url for name, url in found if isinstance(name, str) and isinstance(url, str)}


def _group(group: dict[str, object]) -> tuple[object, object]:
    endpoints = group.get("endpoints")
    first = endpoints[0] if isinstance(endpoints, list) and endpoints else None
    return group.get("group", "default"), first.get("url") if isinstance(first, dict) else None
