"""Reports that a navigation to another browsing context group sends: kind coop-report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isolab.conform.headers import response_of
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling, Rulings
from isolab.policy.document import Document
from isolab.policy.group_switch import opener_fate
from isolab.policy.life import Navigation
from isolab.policy.opening import window_open_without_opener
from isolab.policy.referrer import DEFAULT, POLICIES, referrer
from isolab.policy.report_coop import SOURCE, OpenerReport, navigation_reports
from isolab.policy.response import Hop

FINAL, OPENER = "final-url", "opener-url"
"""How rows call the URL where the popup ends and that of the page that opens it."""
SIDES = {"enforce": "enforce", "reporting": "report-only"}
"""How rows call the half of a policy that a report's disposition is about."""
_ORDER = ("opener", "redirect", "popup")


@dataclass(frozen=True, slots=True)
class Reported:
    """What a row sets up: the responses by the words for them, and who can be reported to."""

    creator: Document
    hops: Mapping[str, Hop]
    noopener: bool
    policy: str
    silent: frozenset[str]

    @property
    def life(self) -> tuple[Navigation, ...]:
        """What the popup goes over."""
        return (Navigation(tuple(self.hops.values())),)

    def page_at(self, url: str) -> str:
        """Say whose URL it is: `opener`, `redirect` or `popup`."""
        return next((name for name, hop in self.hops.items() if hop.url == url), "opener")

    def word_for(self, url: str | None) -> str:
        """Write a URL as rows do; what a report must not tell is empty."""
        words = {"popup": FINAL, "opener": OPENER, "redirect": "redirect-url"}
        return "" if url is None else words[self.page_at(url)]


def rule(row: Row) -> Rulings:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    case = read_reported(setting)
    setting.finish()
    sent = navigation_reports(case.creator, case.life, noopener=case.noopener)
    heard = [report for report in sent if case.page_at(report.url) not in case.silent]
    link = opener_fate(case.creator, case.life, noopener=case.noopener)
    return {
        "reports": Ruling(_in_order([_written(report, case) for report in heard]), link.reason, SOURCE),
        "state": Ruling(link.fate, link.reason, link.source),
    }


def read_reported(setting: Reader) -> Reported:
    """Read who opens what, and who has endpoints. Raises NotStagedError where that is not known."""
    part = setting.part("opener")
    policy = part.text("referrer_policy") or DEFAULT
    if policy not in POLICIES:
        raise part.unknown("referrer_policy")
    way = setting.part("open")
    way.one_of("method", "window.open")
    way.text("name")
    noopener = way.flag("noopener") or window_open_without_opener(way.text("features") or "")
    creator = Document(response_of(part, "/opener"))
    hops: dict[str, Hop] = {}
    silent = {"opener"} if not part.flag("has_reporting_endpoints", default=True) else set()
    for name, word in (("redirect_via", "redirect"), ("popup", "popup")):
        if setting.get(name) is not None:
            each = setting.part(name)
            hops[word] = response_of(each, f"/{word}")
            if not each.flag("has_reporting_endpoints", default=True):
                silent.add(word)
    if "popup" not in hops:
        raise setting.unknown("popup")
    return Reported(creator, hops, noopener, policy, frozenset(silent))


def _written(report: OpenerReport, case: Reported) -> dict[str, Any]:
    """Write a report as rows do."""
    written = {
        "endpoint": f"{case.page_at(report.url)}.{SIDES[report.disposition]}",
        "body_type": report.type,
        "disposition": report.disposition,
        "effectivePolicy": report.effective_policy,
    }
    if report.type == "navigation-from-response":
        return {**written, "nextResponseURL": case.word_for(report.next_response_url)}
    told = _referrer(case, report.url)
    return {**written, "previousResponseURL": case.word_for(report.previous_response_url), "referrer": told}


def _referrer(case: Reported, url: str) -> str:
    source, target = case.creator.response.origin, case.hops[case.page_at(url)].origin
    words = {"nothing": "", "origin": "<opener origin>/", "url": "OPENER_URL"}
    return words[referrer(case.policy, source, target)]


def _in_order(reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put them in the order of rows: by whom they are sent, what is enforced first. Nothing else orders them."""

    def place(report: dict[str, Any]) -> tuple[int, bool, bool]:
        page, side = report["endpoint"].split(".")
        return _ORDER.index(page), side != "enforce", report["body_type"] == "navigation-from-response"

    return sorted(reports, key=place)
