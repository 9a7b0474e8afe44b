from __future__ import annotations

from typing import Any

import pytest
from kind_world import ruled

from isolab.conform.kinds.reports_coop import FINAL, OPENER
from isolab.conform.reader import NotStagedError

SO, SOAP = "same-origin", "same-origin-allow-popups"
AT_OPENER = {"has_reporting_endpoints": True, "referrer_policy": "origin"}


def reports(opener: dict[str, Any], popup: dict[str, Any], **others: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ruled("coop-report", opener=opener, popup=popup, **others)["reports"]
    return found


def leaves(endpoint: str, policy: str, url: str = FINAL, disposition: str = "enforce") -> dict[str, str]:
    return {
        "endpoint": endpoint,
        "body_type": "navigation-from-response",
        "disposition": disposition,
        "effectivePolicy": policy,
        "nextResponseURL": url,
    }


def comes(
    endpoint: str, policy: str, url: str, disposition: str = "enforce", told: str = "<opener origin>/"
) -> dict[str, str]:
    return {
        "endpoint": endpoint,
        "body_type": "navigation-to-response",
        "disposition": disposition,
        "effectivePolicy": policy,
        "previousResponseURL": url,
        "referrer": told,
    }


def test_both_pages_report_the_openers_first() -> None:
    opener = {**AT_OPENER, "coop": f'{SO}; report-to="any name"', "coep": "credentialless"}
    assert reports(opener, {"coop": f'{SOAP}; report-to="b"', "relation": "same-origin"}) == [
        leaves("opener.enforce", "same-origin-plus-coep"),
        comes("popup.enforce", SOAP, OPENER),
    ]
    assert reports(opener, {"coop": f'{SOAP}; report-to="b"', "relation": "same-site"})[1] == comes(
        "popup.enforce", SOAP, ""
    )


def test_what_is_only_reported() -> None:
    opener = {**AT_OPENER, "coop_report_only": f'{SOAP}; report-to="a"'}
    popup = {"relation": "cross-site", "coop_report_only": f'{SO}; report-to="b"', "coep_report_only": "require-corp"}
    assert reports(opener, popup) == [
        leaves("opener.report-only", SOAP, FINAL, "reporting"),
        comes("popup.report-only", "same-origin-plus-coep", "", "reporting"),
    ]
    assert reports({**AT_OPENER, "coop_report_only": f'{SO}; report-to="a"'}, {"coop_report_only": SO}) == []


@pytest.mark.parametrize(
    "opener",
    [
        {"coop": SO, "has_reporting_endpoints": True},
        {"coop": f"{SO}; report-to=token", "has_reporting_endpoints": True},
        {"coop": f'{SO}; report-to="a"', "has_reporting_endpoints": False},
        {"coop": f'{SO}; report-to="a"', "scheme": "http"},
    ],
)
def test_an_opener_that_names_nobody_to_report_to(opener: dict[str, Any]) -> None:
    assert reports(opener, {}) == []


@pytest.mark.parametrize(
    ("policy", "relation", "told"),
    [
        (None, "same-origin", "OPENER_URL"),
        (None, "cross-site", "<opener origin>/"),
        ("no-referrer", "same-origin", ""),
        ("same-origin", "same-site", ""),
        ("unsafe-url", "cross-site", "OPENER_URL"),
        ("strict-origin", "same-origin", "<opener origin>/"),
    ],
)
def test_the_referrer_is_what_the_openers_policy_tells(policy: str | None, relation: str, told: str) -> None:
    (found,) = reports({"referrer_policy": policy}, {"relation": relation, "coop": f'{SO}; report-to="b"'})
    assert found["referrer"] == told


def test_a_redirect_reports_between_the_two() -> None:
    via = {"coop": f'{SO}; report-to="r"', "relation": "cross-site", "status": 302}
    assert reports({**AT_OPENER, "coop": f'{SOAP}; report-to="a"'}, {}, redirect_via=via) == [
        leaves("opener.enforce", SOAP, "redirect-url"),
        comes("redirect.enforce", SO, ""),
        leaves("redirect.enforce", SO),
    ]


@pytest.mark.parametrize("way", [{"noopener": True}, {"features": "noreferrer"}])
def test_a_window_without_an_opener_reports_nothing(way: dict[str, Any]) -> None:
    opener = {**AT_OPENER, "coop": f'{SO}; report-to="a"'}
    assert reports(opener, {}, open=way) == []
    assert ruled("coop-report", opener=opener, popup={}, open=way)["state"] == "noopener"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"opener": {"referrer_policy": "some"}, "popup": {}}, "opener.referrer_policy is 'some'"),
        ({"opener": {}}, "popup is None"),
        ({"opener": {"has_reporting_endpoints": "yes"}, "popup": {}}, "has_reporting_endpoints is 'yes'"),
        ({"opener": {}, "popup": {"moon": "full"}}, "the row has popup.moon"),
        ({"opener": {}, "popup": {}, "open": {"method": "drag"}}, "open.method is 'drag'"),
    ],
)
def test_unknown_words_are_refused(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(NotStagedError, match=message):
        ruled("coop-report", **setting)
