"""Which reports of type `coop` an access to another window sends, where report-only policies would have cut the link.

Source: HTML, 7.1.3.3 "check if an access between two browsing contexts should be reported".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from isolab.policy.document import Document
from isolab.policy.site import same_origin

SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#coop-check-access-report"
Relation = Literal["opener", "openee", "other"]
"""What the window that accesses is to the one that is accessed."""

READABLE = frozenset(
    {"blur", "close", "closed", "focus", "frames", "length", "location", "opener", "postMessage", "self", "top"}
    | {"window", "indexed", "named"}
)
"""The properties of a Window that other origins may touch (HTML, 7.2.3.3.1), `indexed` and `named`: its frames."""
_SETTABLE = frozenset({"location"})
_OTHER_SIDE: dict[Relation, Relation] = {"opener": "openee", "openee": "opener", "other": "other"}


@dataclass(frozen=True, slots=True)
class AccessReport:
    """A report about an access: `type` is the body's, `endpoint` the name in the policy, `url` the page that reports.

    `source_location`: whether it says where in the script the access is: only the page that made it learns that. Only
    then do ReportingObservers see it, too (as `coop-access-violation`).
    """

    type: str
    property: str
    effective_policy: str
    endpoint: str
    url: str
    source_location: bool
    disposition: Literal["reporting"] = "reporting"


def access_reports(
    accessor: Document, accessed: Document, name: str, *, relation: Relation, apart: bool, setting: bool = False
) -> tuple[AccessReport, ...]:
    """List the reports that an access sends, of the page that makes it first.

    `name` is one of `READABLE`, `setting` whether it is assigned; `apart` whether the windows are in different virtual
    browsing context groups (`report_coop.virtually_apart`). None is sent where either document is in a frame, or below
    one, that is cross-origin with its top-level document: that would tell a page what its foreign frames do.
    """
    if not apart or not _reportable(name, setting=setting) or not all(map(_all_of_one_origin, (accessor, accessed))):
        return ()
    return tuple(_both(accessor, accessed, name, relation))


def _both(accessor: Document, accessed: Document, name: str, relation: Relation) -> Iterator[AccessReport]:
    policy = accessor.top.opener_policy
    if policy.report_only_endpoint is not None:
        kind = f"access-from-coop-page-to-{_OTHER_SIDE[relation]}"
        said, endpoint = policy.report_only_value.lower(), policy.report_only_endpoint
        yield AccessReport(kind, name, said, endpoint, accessor.top.url, source_location=True)
    policy = accessed.top.opener_policy
    if policy.report_only_endpoint is not None:
        kind = f"access-to-coop-page-from-{relation}"
        said, endpoint = policy.report_only_value.lower(), policy.report_only_endpoint
        yield AccessReport(kind, name, said, endpoint, accessed.top.url, source_location=False)


def _reportable(name: str, *, setting: bool) -> bool:
    return name in _SETTABLE if setting else name in READABLE


def _all_of_one_origin(document: Document) -> bool:
    return all(same_origin(each.origin, document.top.origin) for each in document.lineage() if each.parent is not None)
