from __future__ import annotations

import pytest
from policy_world import APP, IDP, document, page, redirect

from isolab.policy.document import Document
from isolab.policy.inheritance import local_document
from isolab.policy.report_coep import EmbedderReport, embedder_reports, local_reports
from isolab.policy.request import request_for
from isolab.policy.response import Hop

FRAME, IMAGE, WORKER = request_for("iframe"), request_for("image"), request_for("worker")
URL = "https://idp.example/"
ENFORCED = document(coep='require-corp; report-to="e"')
REPORTED = document(coep_ro='require-corp; report-to="r"')


def kinds(parent: Document, *hops: Hop) -> list[str]:
    return [f"{report.type} {report.disposition}" for report in embedder_reports(parent, FRAME, hops)]


@pytest.mark.parametrize(
    ("hop", "enforced", "reported"),
    [
        (page(IDP), ["corp enforce"], ["corp reporting", "navigation reporting"]),
        (page(IDP, coep="require-corp"), ["corp enforce"], ["corp reporting"]),
        (page(IDP, corp="cross-origin"), ["navigation enforce"], ["navigation reporting"]),
        (page(IDP, corp="cross-origin", coep="credentialless"), [], []),
        (page(IDP, corp="cross-origin", coep_ro="require-corp"), ["navigation enforce"], ["navigation reporting"]),
        (page(IDP, corp="cross-origin", csp="frame-ancestors 'none'"), [], []),
        (page(IDP, corp="cross-origin", xfo="DENY"), ["navigation enforce"], ["navigation reporting"]),
        (page(APP), ["navigation enforce"], ["navigation reporting"]),
    ],
)
def test_frames(hop: Hop, enforced: list[str], reported: list[str]) -> None:
    assert kinds(document(), hop) == []
    assert kinds(ENFORCED, hop) == enforced
    assert kinds(REPORTED, hop) == reported


def test_both_halves_of_a_policy_report_until_one_blocks() -> None:
    both = document(coep='require-corp; report-to="e"', coep_ro='require-corp; report-to="r"')
    assert embedder_reports(both, IMAGE, [page(IDP)]) == (
        EmbedderReport("corp", "reporting", URL, "r", "image"),
        EmbedderReport("corp", "enforce", URL, "e", "image"),
    )


@pytest.mark.parametrize(("enforced", "reports"), [(None, 1), ("credentialless", 0)])
def test_report_only_credentialless_goes_by_what_was_really_sent(enforced: str | None, reports: int) -> None:
    # Without an enforced policy the request carries its cookies, which the report-only one would not have let in.
    told = document(coep=enforced, coep_ro='credentialless; report-to="r"')
    assert len(embedder_reports(told, IMAGE, [page(IDP)])) == reports


def test_what_corp_itself_blocks_is_not_reported() -> None:
    assert embedder_reports(ENFORCED, IMAGE, [page(IDP, corp="same-origin")]) == ()
    assert len(embedder_reports(ENFORCED, FRAME, [page(IDP, corp="same-origin")])) == 1


def test_a_redirect_is_reported_by_what_was_asked_for() -> None:
    (found,) = embedder_reports(ENFORCED, IMAGE, [redirect(APP), page(IDP)])
    assert found.blocked_url == "https://app.example/go"
    assert len(embedder_reports(REPORTED, IMAGE, [redirect(IDP), page(IDP)])) == 2


def test_requests_that_are_not_checked_report_nothing() -> None:
    assert embedder_reports(ENFORCED, IMAGE, [page()]) == ()
    assert embedder_reports(ENFORCED, request_for("image", [("crossorigin", "")]), [page(IDP)]) == ()
    assert embedder_reports(ENFORCED, request_for("iframe", [("credentialless", "")]), [page(IDP)]) == ()


def test_workers() -> None:
    script = page(path="/worker.js")
    url = "https://app.example/worker.js"
    found = EmbedderReport("worker initialization", "enforce", url, "e")
    assert embedder_reports(ENFORCED, WORKER, [script]) == (found,)
    assert embedder_reports(ENFORCED, WORKER, [page(path="/worker.js", coep="credentialless")]) == ()
    assert embedder_reports(ENFORCED, request_for("sharedworker"), [script]) == ()


@pytest.mark.parametrize("report_to", ["token", ":aGk=:", "1"])
def test_a_report_to_that_is_no_string_names_no_endpoint(report_to: str) -> None:
    (found,) = embedder_reports(document(coep=f"require-corp; report-to={report_to}"), IMAGE, [page(IDP)])
    assert found.endpoint is None


def test_fetch_has_no_destination() -> None:
    request = request_for("fetch", [("mode", "no-cors")])
    assert embedder_reports(ENFORCED, request, [page(IDP)])[0].destination == ""


def test_local_documents() -> None:
    outside = document()
    parent = document(APP, outside, coep='require-corp; report-to="e"')
    assert local_reports(local_document("about:blank", outside, parent=parent)) == (
        EmbedderReport("navigation", "enforce", "about:blank", "e"),
    )
    assert local_reports(local_document("about:blank", parent, parent=parent)) == ()
    assert local_reports(local_document("about:blank", outside)) == ()
