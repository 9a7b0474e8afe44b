"""The rules alone agree with what the rows state, each row of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row, read_rows
from isolab.conform.rules import KINDS, verdicts
from isolab.resources import resource

FILES = sorted(resource("scenarios").glob("conformance/*.json"))
ROWS = [row for file in FILES for row in read_rows(file)]
UNRULED = {
    ("popup-navigates", "popup_length_seen_by_opener"): "how many frames the test suite's own page has",
}
"""Observations, by kind, about which no rule of isolation says anything."""


def ruled() -> list[Row]:
    return [row for row in ROWS if row.kind in KINDS]


@pytest.mark.parametrize("row", ruled(), ids=lambda row: row.id)
def test_the_rules_say_what_the_row_states(row: Row) -> None:
    found = verdicts(row)
    assert found
    assert [v for v in found if not v.said and (row.kind, v.observation) not in UNRULED] == []
    if not row.superseded:
        assert [v for v in found if v.said and not v.agrees] == []


def test_every_row_has_its_place_in_web_platform_tests() -> None:
    assert [row.id for row in ROWS if not row.source] == []
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    "row", [next(row for row in ruled() if row.kind == kind) for kind in KINDS], ids=lambda r: r.kind
)
def test_what_is_not_known_is_refused_and_not_passed_over(row: Row) -> None:
    strange = replace(row, setting={**row.setting, "moon": "full"})
    with pytest.raises(NotStagedError, match="moon"):
        verdicts(strange)


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(NotStagedError, match="the kind `tea` is not known"):
        verdicts(Row("tea/1", "tea", {}, {}))


def reports_stated(*reports: Mapping[str, str | None]) -> bool:
    """Whether a row that states these reports agrees with the two that a switch sends."""
    opener, popup = (
        {"coop": 'same-origin; report-to="o"', "has_reporting_endpoints": True},
        {"coop": 'unsafe-none; report-to="p"'},
    )
    row = Row("coop-report/own", "coop-report", {"opener": opener, "popup": popup}, {"reports": list(reports)})
    (found,) = verdicts(row)
    return found.agrees


def test_reports_are_compared_in_any_order_and_by_what_the_row_states() -> None:
    opener, popup = {"endpoint": "opener.enforce"}, {"endpoint": "popup.enforce", "effectivePolicy": "unsafe-none"}
    assert reports_stated(opener, popup)
    assert reports_stated(popup, opener)
    assert reports_stated(opener, {**popup, "effectivePolicy": None})
    assert not reports_stated(opener, {**popup, "effectivePolicy": "same-origin"})
    assert not reports_stated(opener)
    assert not reports_stated(opener, popup, popup)
