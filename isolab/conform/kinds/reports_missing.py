"""Reports that an engine does not send at all, and what rows come to without them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from isolab.conform.row import Json, Row

FROM = "navigation-from-response"
_NOT_SENT: Mapping[str, Json] = {"report_sent": False, "source_location": "absent"}

_NO_REPORT: Mapping[str, Json] = {"reports": [], "only_report_goes_to": None}


def without_opener_reports(row: Row) -> Mapping[str, Json]:
    """What is expected of a row where nothing about an opener policy is reported."""
    return without_accesses(row) if row.kind == "coop-access-report" else _kept(row, lambda _: False)


def without_reports_of_leaving(row: Row) -> Mapping[str, Json]:
    """What is expected of a row where pages report who comes, but not where a window of theirs goes."""
    return _kept(row, lambda report: report["body_type"] != FROM)


def without_accesses(row: Row) -> Mapping[str, Json]:
    """What is expected of a row where no access is reported."""
    if row.kind != "coop-access-report":
        return row.expect
    return {name: _NOT_SENT.get(name) for name in row.expect}


def without_embedder_reports(row: Row) -> Mapping[str, Json]:
    """What is expected of a row where nothing about an embedder policy is reported."""
    if row.kind != "coep-report":
        return row.expect
    return {name: _NO_REPORT.get(name, value) for name, value in row.expect.items()}


def _kept(row: Row, keeps: Callable[[Mapping[str, Json]], bool]) -> Mapping[str, Json]:
    if row.kind != "coop-report" or "reports" not in row.expect:
        return row.expect
    return {**row.expect, "reports": [report for report in row.expect["reports"] if keeps(report)]}
