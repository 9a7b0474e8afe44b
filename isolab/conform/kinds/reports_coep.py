"""Which reports an embedder policy sends: kind coep-report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from isolab.conform.headers import HOSTS, origin_of
from isolab.conform.kinds.chain import target_of
from isolab.conform.kinds.sentences import told_headers
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling
from isolab.policy.coep import COEP, COEP_REPORT_ONLY, obtain_embedder_policy
from isolab.policy.document import Document
from isolab.policy.report_coep import SOURCE, embedder_reports
from isolab.policy.request import request_for
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

CODES = {"corp": "CORP", "navigation": "NAV"}
"""How rows call the types of reports."""
REPORT_ONLY = "-RO"
"""What rows put behind a report of the report-only policy."""
ENFORCED, REPORTED = "enforce endpoint", "report-only endpoint"
_ENDPOINTS = {'"string"': '"endpoint"', "token": "endpoint", ":byte-seq:": ":ZW5kcG9pbnQ=:"}
"""How a row names the type of a report-to parameter, and one of that type."""


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    rulings = _on_endpoints(setting) if setting.has("document") else _on_frame(read_framed(setting))
    setting.finish()
    return rulings


@dataclass(frozen=True, slots=True)
class Framed:
    """A frame in `document` that shows this response; `empty_before` if it was there before, without any.

    That it was changes nothing of what is asked.
    """

    document: Document
    hop: Hop
    empty_before: bool


def read_framed(setting: Reader) -> Framed:
    """Read who frames what. Raises NotStagedError where that is not known."""
    empty_before = setting.flag("via_empty_frame")
    parent, part = setting.part("parent"), setting.part("embed")
    origin = origin_of(parent)
    document = Document(Hop(f"{origin}/page", origin, 200, told_headers(parent, "coep")))
    part.one_of("type", "iframe")
    target = target_of(part, part, origin)
    return Framed(document, Hop(f"{target}/frame", target, 200, told_headers(part, "headers")), empty_before)


def _on_frame(framed: Framed) -> Mapping[str, Ruling]:
    sent = embedder_reports(framed.document, request_for("iframe"), [framed.hop])
    codes = [CODES[report.type] + (REPORT_ONLY if report.disposition == "reporting" else "") for report in sent]
    return {"reports": Ruling(codes, "what each half of the policy has against the frame", SOURCE)}


def _on_endpoints(setting: Reader) -> Mapping[str, Ruling]:
    """Rule on a strict page whose policies both name an endpoint: only a string is one."""
    page = read_page(setting)
    policy = obtain_embedder_policy(page.headers, secure_context=page.origin.scheme == "https")
    named = {ENFORCED: policy.endpoint, REPORTED: policy.report_only_endpoint}
    heard = [name for name, endpoint in named.items() if endpoint is not None]
    return {
        "policy_still_enforced": Ruling(policy.strict, policy.reason, policy.source),
        "only_report_goes_to": Ruling(heard[0] if len(heard) == 1 else None, "an endpoint's name is a string", SOURCE),
    }


def read_page(setting: Reader) -> Hop:
    """Read a strict page whose policies both name an endpoint. Raises NotStagedError where it is not known."""
    page = setting.part("document")
    origin = Origin("https", HOSTS["same-origin"])
    lines = ((COEP, "coep_report_to"), (COEP_REPORT_ONLY, "coep_report_only_report_to"))
    headers = tuple((name, f"require-corp; report-to={_endpoint(page, key)}") for name, key in lines)
    return Hop(f"{origin}/page", origin, 200, headers)


def _endpoint(page: Reader, key: str) -> str:
    return _ENDPOINTS[page.one_of(key, *_ENDPOINTS) or '"string"']
