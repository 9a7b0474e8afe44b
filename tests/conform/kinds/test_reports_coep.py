from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.kinds.reports_coep import rule
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row


def ruled(**setting: Any) -> dict[str, Any]:
    return {name: ruling.value for name, ruling in rule(Row("x", "coep-report", setting, {})).items()}


@pytest.mark.parametrize(
    ("parent", "relation", "headers", "reports"),
    [
        ("credentialless", "cross-site", None, ["CORP"]),
        ("report-only credentialless", "same-site", None, ["CORP-RO", "NAV-RO"]),
        ("require-corp", "same-origin", None, ["NAV"]),
        ("require-corp", "cross-site", "credentialless + CORP cross-origin", []),
        ("require-corp", "cross-site", "CORP same-site", ["CORP"]),
    ],
)
def test_each_half_of_the_policy_reports_what_it_has_against_a_frame(
    parent: str, relation: str, headers: str | None, reports: list[str]
) -> None:
    embed = {"type": "iframe", "relation": relation, "headers": headers}
    assert ruled(parent={"coep": parent}, via_empty_frame=True, embed=embed) == {"reports": reports}


def test_nobody_is_told_where_neither_endpoint_is_a_string() -> None:
    page = {"coep_report_to": "token", "coep_report_only_report_to": ":byte-seq:"}
    assert ruled(document=page) == {"policy_still_enforced": True, "only_report_goes_to": None}


@pytest.mark.parametrize(
    "setting",
    [
        {"document": {"coep_report_to": "number"}},
        {"parent": {"coep": "a b"}, "embed": {"type": "iframe"}},
        {"embed": {"type": "object"}},
    ],
)
def test_what_is_not_known_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(NotStagedError, match="which is not known"):
        ruled(**setting)
