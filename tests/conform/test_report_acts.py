from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.features import Feature, without
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Json, Row
from isolab.conform.stage import act
from isolab.scenario.case import Html

REPORTED = "report-only %s reporting"
RO = 'same-origin; report-to="endpoint"'
ENFORCED = {
    "endpoint": "opener.enforce",
    "body_type": "navigation-from-response",
    "disposition": "enforce",
    "effectivePolicy": "same-origin",
    "nextResponseURL": "final-url",
}
ASKED = {
    "endpoint": "popup.report-only",
    "body_type": "navigation-to-response",
    "disposition": "reporting",
    "effectivePolicy": None,
    "previousResponseURL": "",
}


def coop(reports: list[dict[str, Json]], **more: Json) -> Row:
    opener: dict[str, Json] = {"coop": 'same-origin; report-to="a"', "referrer_policy": "origin", **more}
    popup = {"relation": "same-site", "coop_report_only": 'same-origin; report-to="any one"'}
    return Row("coop-report/a/01", "coop-report", {"opener": opener, "popup": popup}, {"reports": reports})


def access(action: str, sent: bool) -> Row:
    setting = {
        "opener": {"coop": None, "scheme": "http or https"},
        "popup": {"relation": "same-origin", "coop_report_only": 'same-origin; report-to="..."'},
        "action": action,
    }
    expect = {"report_sent": sent, "report_type": "access-to-coop-page-from-opener" if sent else None}
    return Row("coop-access-report/a/01", "coop-access-report", setting, expect)


def text(found: Any, page: str) -> str:
    body = found.scene.case("a/01").pages[page].body
    assert isinstance(body, Html)
    return body.text


def test_navigations_are_written_as_the_row_writes_them() -> None:
    found = act(coop([ASKED, ENFORCED]))
    assert found.scene.expect == {
        "reports.says.reports": "opener.enforce navigation-from-response disposition=enforce "
        "effectivePolicy=same-origin nextResponseURL=final-url; "
        "popup.report-only navigation-to-response disposition=reporting previousResponseURL="
    }
    case = found.scene.case("a/01")
    assert case.pages["opener"].header("Referrer-Policy") == "origin"
    assert case.pages["popup"].header("Reporting-Endpoints") == 'endpoint="${{ report.popup-endpoint }}"'
    assert found.scene.flow[-1] == {"open": "reports"}
    assert '["opener-a", "opener.enforce"]' in text(found, "reports")


def test_a_page_that_names_no_endpoints_reports_nowhere() -> None:
    found = act(coop([], has_reporting_endpoints=False))
    assert found.scene.case("a/01").pages["opener"].header("Reporting-Endpoints") is None
    assert "opener-a" not in text(found, "reports")


def test_two_halves_with_one_endpoint_cannot_be_told_apart() -> None:
    with pytest.raises(NotStagedError, match="the same endpoint"):
        act(coop([], coop_report_only='unsafe-none; report-to="a"'))


@pytest.mark.parametrize(
    ("coep", "codes", "line"),
    [
        ("require-corp", ["CORP"], "enforce corp enforce"),
        (
            "report-only require-corp",
            ["NAV-RO", "CORP-RO"],
            "report-only corp reporting; report-only navigation reporting",
        ),
        (None, [], ""),
    ],
)
def test_what_each_half_of_a_policy_has_against_a_frame(coep: str | None, codes: list[str], line: str) -> None:
    setting = {"parent": {"coep": coep}, "via_empty_frame": True, "embed": {"type": "iframe", "relation": "same-site"}}
    found = act(Row("coep-report/a/01", "coep-report", setting, {"reports": codes}))
    assert found.scene.expect == {"reports.says.reports": line}
    assert {"wait": "page", "says": "loads"} in found.scene.flow
    assert '"emptyBefore": true' in text(found, "page")


def test_only_a_string_is_an_endpoint() -> None:
    setting = {"document": {"coep_report_to": "token", "coep_report_only_report_to": '"string"'}}
    expect = {"policy_still_enforced": True, "only_report_goes_to": "report-only endpoint"}
    found = act(Row("coep-report/a/01", "coep-report", setting, expect))
    assert found.scene.expect == {"page.says.blocked": True, "reports.says.reports": "endpoint corp reporting"}


@pytest.mark.parametrize(
    ("action", "first"),
    [("opener touches openee.closed", "accessor"), ("openee touches opener.closed", "accessed")],
)
def test_one_window_opens_the_other_and_touches_it(action: str, first: str) -> None:
    found = act(access(action, sent=True))
    assert found.scene.flow[0] == {"open": first}
    assert {"click": "#touch", "in": "accessor"} in found.scene.flow
    assert found.scene.expect["reports.says.type"] == "access-to-coop-page-from-opener"
    case = found.scene.case("a/01")
    assert case.pages["accessor"].quiet
    assert case.pages["reports"].origin.scheme == "https"


def test_no_report_is_none() -> None:
    found = act(access("opener sets openee.opener", sent=False))
    assert found.scene.expect == {"reports.says.sent": False, "reports.says.type": "none"}
    assert '"sets": true' in text(found, "accessor")


def test_a_third_page_opens_windows_that_are_nothing_to_each_other() -> None:
    setting = {
        "coop_page": {"coop_report_only": RO},
        "other_page": {"relation": "same-site"},
        "action": "calls .blur() on the other window (try-access.js)",
    }
    row = Row(
        "coop-access-report/a/01",
        "coop-access-report",
        setting,
        {"property": "blur", "observer_report_type": "coop-access-violation"},
        source="access-from-coop-page-to-other_coop-ro.https.html",
    )
    found = act(row)
    assert found.scene.flow[0] == {"open": "main"}
    assert "self.opener.opened" in text(found, "accessor")
    assert found.claims["observer_report_type"] == "accessor.says.observed"


@pytest.mark.parametrize(
    ("feature", "left"),
    [("coop-reports", []), ("coop-reports-of-leaving", [ASKED]), ("coop-access-reports", None), ("coep-reports", None)],
)
def test_reports_that_an_engine_does_not_send(feature: Feature, left: list[dict[str, Json]] | None) -> None:
    row = without(coop([ENFORCED, ASKED]), feature)
    assert (row and row.expect["reports"]) == left


def test_accesses_that_an_engine_does_not_report() -> None:
    for feature in ("coop-reports", "coop-access-reports"):
        row = without(access("opener touches openee.closed", sent=True), feature)
        assert row is not None
        assert row.expect == {"report_sent": False, "report_type": None}
    assert without(access("opener sets openee.opener", sent=False), "coop-reports") is None
