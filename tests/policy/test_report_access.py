from __future__ import annotations

import pytest
from policy_world import APP, IDP, SUB, document

from isolab.policy.report_access import READABLE, AccessReport, Relation, access_reports

COOP = 'same-origin; report-to="ro"'
PAGE = document(coop_ro=COOP, coep="require-corp")


@pytest.mark.parametrize(
    ("relation", "to", "source"),
    [("opener", "openee", "opener"), ("openee", "opener", "openee"), ("other", "other", "other")],
)
def test_each_side_is_told_what_the_other_is_to_it(relation: Relation, to: str, source: str) -> None:
    (found,) = access_reports(PAGE, document(SUB), "blur", relation=relation, apart=True)
    said, url = "same-origin-plus-coep", "https://app.example/"
    assert found == AccessReport(f"access-from-coop-page-to-{to}", "blur", said, "ro", url, source_location=True)
    (found,) = access_reports(document(SUB), PAGE, "blur", relation=relation, apart=True)
    assert found == AccessReport(f"access-to-coop-page-from-{source}", "blur", said, "ro", url, source_location=False)


def test_both_may_report() -> None:
    found = access_reports(PAGE, PAGE, "closed", relation="opener", apart=True)
    assert [report.type for report in found] == ["access-from-coop-page-to-openee", "access-to-coop-page-from-opener"]


@pytest.mark.parametrize("name", sorted(READABLE))
def test_every_property_within_reach_is_reported(name: str) -> None:
    assert access_reports(document(), PAGE, name, relation="opener", apart=True)


@pytest.mark.parametrize(
    ("name", "setting", "count"),
    [("location", True, 1), ("opener", True, 0), ("name", False, 0), ("document", False, 0)],
)
def test_of_what_is_set_only_the_location_is(name: str, setting: bool, count: int) -> None:
    assert len(access_reports(document(), PAGE, name, relation="opener", apart=True, setting=setting)) == count


def test_nothing_is_reported_where_nothing_would_be_cut_or_nobody_asked() -> None:
    assert access_reports(document(), PAGE, "blur", relation="opener", apart=False) == ()
    assert access_reports(document(), document(coop_ro="same-origin"), "blur", relation="opener", apart=True) == ()
    assert access_reports(document(), document(coop=COOP), "blur", relation="opener", apart=True) == ()


def test_foreign_frames_are_not_told_of() -> None:
    foreign, own = document(IDP, PAGE), document(APP, PAGE)
    other = document(SUB)
    assert access_reports(foreign, other, "blur", relation="opener", apart=True) == ()
    assert access_reports(other, foreign, "blur", relation="opener", apart=True) == ()
    assert access_reports(document(APP, foreign), other, "blur", relation="opener", apart=True) == ()
    assert len(access_reports(own, other, "blur", relation="opener", apart=True)) == 1
