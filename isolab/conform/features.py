"""What an engine may lack as a whole, and what a row would come to in an engine that lacks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, get_args

from isolab.conform.headers import FIELDS
from isolab.conform.kinds.credentialless import without_attribute
from isolab.conform.kinds.isolation_policy_words import without_policies
from isolab.conform.kinds.reports_missing import (
    without_accesses,
    without_embedder_reports,
    without_opener_reports,
    without_reports_of_leaving,
)
from isolab.conform.kinds.sentences import without_told
from isolab.conform.row import Json, Row
from isolab.conform.rules import KINDS
from isolab.conform.ruling import observations
from isolab.policy.coep import COEP
from isolab.policy.coop import COOP
from isolab.policy.fields import read_item
from isolab.policy.isolation_policy import DIP

Feature = Literal[
    "noopener-allow-popups",
    "coep-credentialless",
    "document-isolation-policy",
    "credentialless-frames",
    "coep-reports",
    "coop-reports",
    "coop-reports-of-leaving",
    "coop-access-reports",
]
FEATURES: tuple[Feature, ...] = get_args(Feature)
"""In the order in which they are taken away: reports last, as the rules know nothing of such as are not sent."""
_VALUES: dict[Feature, tuple[str, str | None]] = {
    "noopener-allow-popups": (COOP, "noopener-allow-popups"),
    "coep-credentialless": (COEP, "credentialless"),
    "document-isolation-policy": (DIP, None),
}
"""The header of those that are one, and the value that an engine without it does not know; None: the whole header."""
_REPORTS: Mapping[Feature, Callable[[Row], Mapping[str, Json]]] = {
    "coep-reports": without_embedder_reports,
    "coop-reports": without_opener_reports,
    "coop-reports-of-leaving": without_reports_of_leaving,
    "coop-access-reports": without_accesses,
}
"""What rows come to where an engine does not send such reports."""
_ALIKE: Mapping[Feature, Mapping[str, str]] = defaultdict(
    dict, {"coep-credentialless": {"owner_coep_credentialless": "owner_coep_none"}}
)
"""Observations of rows that have a value in their names: to an engine that does not know it they are as others."""
_SHORT = {name: key for key, name in FIELDS.items()}


def without(row: Row, feature: Feature) -> Row | None:
    """Give the row as it is to an engine without a feature, with what the rules then expect; None if it is the same."""
    if feature in _REPORTS:
        expect = _REPORTS[feature](row)
        return None if expect == row.expect else replace(row, expect=expect)
    setting = _without_value(row, *_VALUES[feature]) if feature in _VALUES else without_attribute(row.setting)
    named = row.kind == "dip" and feature == "document-isolation-policy"
    subtest = without_policies(row.subtest) if named else row.subtest
    asked = {name: _ALIKE[feature].get(name, name) for name, _ in observations(row.expect)}
    if (setting, subtest) == (row.setting, row.subtest) and all(name == other for name, other in asked.items()):
        return None
    changed = replace(row, setting=setting, subtest=subtest)
    rulings = KINDS[row.kind](changed)
    return replace(changed, expect={name: rulings[other].value for name, other in asked.items() if other in rulings})


def _without_value(row: Row, header: str, value: str | None) -> dict[str, Json]:
    setting = {key: _stripped(part, header, value) for key, part in row.setting.items()}
    if row.setting.get("header") == header:
        setting["header_values"] = [v for v in row.setting.get("header_values", ()) if not _is(header, v, value)]
    return setting


def _stripped(part: Json, header: str, value: str | None) -> Json:
    """Take the values out, however deep in a setting."""
    if not isinstance(part, dict):
        return part
    found = {key: _stripped(inner, header, value) for key, inner in part.items()}
    if isinstance(told := found.get("headers"), str):
        found["headers"] = without_told(told, header, value)
    sent = found.get(_SHORT[header])
    return {**found, _SHORT[header]: None} if isinstance(sent, str) and _is(header, sent, value) else found


def _is(header: str, text: str, value: str | None) -> bool:
    return value is None or read_item([(header, text)], header).token == value
