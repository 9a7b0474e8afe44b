from __future__ import annotations

from typing import Any

import pytest
from kind_world import ruled

from isolab.conform.kinds.reports_access import CALLS_BLUR
from isolab.conform.reader import NotStagedError

RO = {"coop_report_only": 'same-origin-allow-popups; report-to="ro"'}
PLAIN = {"relation": "cross-site"}


def touches(action: str, opener: dict[str, Any], popup: dict[str, Any], source: str = "") -> dict[str, Any]:
    return dict(ruled("coop-access-report", source=source, opener=opener, popup=popup, action=action))


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("opener touches openee.frames", "frames"),
        ("opener touches openee.location", "location"),
        ("opener calls openee.postMessage('x', '*')", "postMessage"),
        ("opener sets openee.location = '#'", "location"),
        ("opener touches openee.indexed", "indexed"),
        ("opener touches openee.named-getter", "named"),
        ("opener touches openee[0]", "indexed"),
    ],
)
def test_properties_that_other_origins_may_touch(action: str, name: str) -> None:
    found = touches(action, {"scheme": "http or https"}, {**PLAIN, **RO})
    assert (found["report_sent"], found["property"]) == (True, name)
    assert found["report_type"] == "access-to-coop-page-from-opener"
    assert (found["effectivePolicy"], found["disposition"]) == ("same-origin-allow-popups", "reporting")
    assert (found["source_location"], found["observer_report_type"]) == ("absent", None)


@pytest.mark.parametrize(
    ("action", "source"),
    [
        ("opener touches openee.name", ""),
        ("opener touches openee.document", ""),
        ("opener sets openee.opener = null", ""),
        ("opener touches openee.closed", "reporting/property-closed-set.https.html"),
    ],
)
def test_other_properties_are_not_reported(action: str, source: str) -> None:
    found = touches(action, {}, {**PLAIN, **RO}, source)
    assert (found["report_sent"], found["report_type"], found["property"]) == (False, None, None)


def test_the_file_says_that_a_location_is_set() -> None:
    source = "reporting/property-location-set.https.html"
    assert touches("opener touches openee.location", {}, {**PLAIN, **RO}, source)["report_sent"] is True


def test_the_popup_may_be_the_one_who_touches() -> None:
    found = touches("openee touches opener.focus", {}, {**PLAIN, **RO})
    assert (found["report_type"], found["source_location"]) == ("access-from-coop-page-to-opener", "present")
    assert found["observer_report_type"] == "coop-access-violation"
    found = touches("openee touches opener.focus", {"coop_report_only": 'same-origin; report-to="ro"'}, PLAIN)
    assert found["report_type"] == "access-to-coop-page-from-openee"


def test_of_two_reports_the_popups_is_meant() -> None:
    both = touches("opener touches openee.blur", RO, {"relation": "cross-site", **RO, "coep": "require-corp"})
    assert both["report_type"] == "access-to-coop-page-from-opener"
    only = touches("opener touches openee.blur", {"coop_report_only": 'same-origin; report-to="ro"'}, PLAIN)
    assert only["report_type"] == "access-from-coop-page-to-openee"


@pytest.mark.parametrize(
    ("opener", "popup"),
    [({}, PLAIN), (RO, RO), ({}, {"coop_report_only": "same-origin"}), ({}, {**RO, "scheme": "http"})],
)
def test_nothing_is_sent_where_nothing_would_be_parted_or_nobody_is_named(
    opener: dict[str, Any], popup: dict[str, Any]
) -> None:
    assert touches("opener touches openee.blur", opener, popup)["report_sent"] is False


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("access-from-coop-page-to-openee_coop-ro_x", "access-from-coop-page-to-openee"),
        ("access-from-coop-page-to-opener_coop-ro_x", "access-from-coop-page-to-opener"),
        ("access-from-coop-page-to-other_coop-ro_x", "access-from-coop-page-to-other"),
        ("access-to-coop-page-from-openee_coop-ro_x", "access-to-coop-page-from-openee"),
        ("access-to-coop-page-from-opener_coop-ro_x", "access-to-coop-page-from-opener"),
        ("access-to-coop-page-from-other_coop-ro_x", "access-to-coop-page-from-other"),
    ],
)
def test_the_files_that_tell_who_accesses_whom(file: str, kind: str) -> None:
    page = {"coop_report_only": 'same-origin; report-to="ro"'}
    source = f"html/cross-origin-opener-policy/reporting/{file}.https.html"

    def found(coop_page: dict[str, Any], other_page: dict[str, Any]) -> dict[str, Any]:
        setting: dict[str, Any] = {"coop_page": coop_page, "other_page": other_page, "action": CALLS_BLUR}
        return dict(ruled("coop-access-report", source=source, **setting))

    own = found(page, PLAIN)
    assert (own["report_type"], own["effectivePolicy"], own["property"]) == (kind, "same-origin", "blur")
    assert own["source_location"] == ("present" if "-from-coop-page" in kind else "absent")
    # Both pages report, and the row is about the COOP page.
    assert found(page, {**PLAIN, **page})["report_type"] == kind
    assert found({}, PLAIN)["report_sent"] is False


@pytest.mark.parametrize(
    ("source", "setting", "message"),
    [
        ("", {"opener": {}, "popup": {}, "action": "waits"}, "action is 'waits'"),
        ("", {"opener": {}, "popup": {}, "action": "opener touches opener.blur"}, "action is"),
        ("", {"opener": {}, "popup": {}, "action": "opener touches openee[1]"}, "action is"),
        ("a.html", {"coop_page": {}, "other_page": {}, "action": CALLS_BLUR}, "source 'a.html' does not say"),
        ("a.html", {"coop_page": {}, "other_page": {}, "action": "calls .close()"}, "action is"),
    ],
)
def test_unknown_words_are_refused(source: str, setting: dict[str, Any], message: str) -> None:
    with pytest.raises(NotStagedError, match=message):
        ruled("coop-access-report", source=source, **setting)
