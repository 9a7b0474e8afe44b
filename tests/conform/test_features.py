from __future__ import annotations

from conform_rows import PLAIN, parse_row, popup_row

from isolab.conform.features import without
from isolab.conform.row import Row

SEVERED = {"state": "severed", "opener_in_popup": False}
ALONE = {**PLAIN, "coop": "noopener-allow-popups", "relation": "same-origin"}


def test_a_row_without_the_feature_is_the_same() -> None:
    assert without(popup_row(), "noopener-allow-popups") is None
    assert without(popup_row(popup=ALONE, expect=SEVERED), "coep-credentialless") is None


def test_an_engine_that_does_not_know_a_value_takes_it_as_not_sent() -> None:
    row = without(popup_row(popup=ALONE, expect=SEVERED), "noopener-allow-popups")
    assert row is not None
    assert row.setting["popup"]["coop"] is None
    assert row.expect == {"state": "preserved", "opener_in_popup": True}


def test_values_are_found_by_what_they_count_as_and_not_by_how_they_are_written() -> None:
    dressed = {**ALONE, "coop": "noopener-allow-popups;a=1"}
    broken = {**ALONE, "coop": "noopener-allow-popups;"}
    assert without(popup_row(popup=dressed), "noopener-allow-popups") is not None
    assert without(popup_row(popup=broken), "noopener-allow-popups") is None


def test_an_embedder_policy_makes_the_opener_policy_of_an_isolated_page() -> None:
    opener = {**PLAIN, "coop": "same-origin", "coep": "require-corp"}
    popup = {**PLAIN, "coop": "same-origin", "coep": "credentialless", "relation": "same-origin"}
    row = without(popup_row(opener=opener, popup=popup), "coep-credentialless")
    assert row is not None
    assert row.expect == {"state": "severed"}


def test_lines_of_a_header_are_taken_out_as_well() -> None:
    row = without(parse_row("Document-Isolation-Policy", "none", "x", effective="none"), "document-isolation-policy")
    assert row is not None
    assert row.setting["header_values"] == []


def test_a_policy_in_an_observations_name_is_not_known_either() -> None:
    setting = {"worker": {"type": "dedicated", "coep": None}, "request": {"relation": "same-origin"}}
    expect = {"owner_coep_none": "cookie", "owner_coep_credentialless": "Worker blocked"}
    row = without(Row("worker/a/01", "worker", setting, expect), "coep-credentialless")
    assert row is not None
    assert row.expect == {"owner_coep_none": "cookie", "owner_coep_credentialless": "cookie"}
