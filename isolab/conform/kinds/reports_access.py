"""Reports that an access to another window sends, where report-only policies would part them: coop-access-report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from isolab.conform.headers import response_of
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling, Rulings
from isolab.policy.document import Document
from isolab.policy.life import Navigation
from isolab.policy.report_access import SOURCE, AccessReport, Relation, access_reports
from isolab.policy.report_coop import virtually_apart
from isolab.policy.response import Hop

CALLS_BLUR = "calls .blur() on the other window (try-access.js)"
_ROLE_OF_COOP_PAGE: Mapping[str, Relation] = {"openee": "opener", "opener": "openee", "other": "other"}
"""What the COOP page is to a page that is this to it."""
_TOUCHES = re.compile(r"(?P<by>opener|openee) (?P<verb>touches|sets|calls) (?P<on>opener|openee)(?P<what>[.\[].+)")
_SET_IN = re.compile(r"/property-\w+-set\.")
_DIRECTION = re.compile(r"access-(from|to)-coop-page-(?:from|to)-(openee|opener|other)_")
_NAMED = {"indexed-getter": "indexed", "named-getter": "named"}


@dataclass(frozen=True, slots=True)
class Access:
    """Who touches which property of whom; `by_coop_page`: whether the row is about the report of the one who does."""

    accessor: Document
    accessed: Document
    name: str
    relation: Relation
    apart: bool
    by_coop_page: bool
    setting: bool = False

    @property
    def reports(self) -> tuple[AccessReport, ...]:
        """The reports that it sends."""
        return access_reports(
            self.accessor,
            self.accessed,
            self.name,
            relation=self.relation,
            apart=self.apart,
            setting=self.setting,
        )


def rule(row: Row) -> Rulings:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    access = read_access(row, setting)
    setting.finish()
    return dict(_on_reports(access.reports, "access-from" if access.by_coop_page else "access-to"))


def read_access(row: Row, setting: Reader) -> Access:
    """Read who touches what of whom. Raises NotStagedError where that is not known."""
    return _read_touch(row, setting) if setting.has("popup") else _read_from_role(row, setting)


def _on_reports(reports: Sequence[AccessReport], asked: str) -> Iterator[tuple[str, Ruling]]:
    """Rule on the report that the row is about; where only the other page sends one, on that."""
    why = "the report-only policies would part the windows" if reports else "nothing is to be reported"

    def of(value: object) -> Ruling:
        return Ruling(value, why, SOURCE)

    found = next((report for report in reports if report.type.startswith(asked)), next(iter(reports), None))
    yield "report_sent", of(found is not None)
    yield "report_type", of(found and found.type)
    yield "property", of(found and found.property)
    yield "disposition", of(found and found.disposition)
    yield "effectivePolicy", of(found and found.effective_policy)
    yield "source_location", of("present" if found and found.source_location else "absent")
    observed = [report for report in reports if report.source_location]
    yield "observer_report_type", of("coop-access-violation" if observed else None)


def _read_touch(row: Row, setting: Reader) -> Access:
    """Read a row in which one of a window and its opener touches a property of the other."""
    opener = Document(response_of(setting.part("opener"), "/opener"))
    popup = Document(response_of(setting.part("popup"), "/popup"))
    action = _TOUCHES.fullmatch(setting.text("action") or "")
    if action is None or action["by"] == action["on"]:
        raise setting.unknown("action")
    pages = {"opener": opener, "openee": popup}
    sets = action["verb"] == "sets" or _SET_IN.search(row.source) is not None
    apart = virtually_apart(opener, [Navigation((popup.response,))])
    name = _property(action["what"], setting)
    relation: Relation = "opener" if action["by"] == "opener" else "openee"
    by_popup = action["by"] == "openee"
    return Access(pages[action["by"]], pages[action["on"]], name, relation, apart, by_popup, sets)


def _property(what: str, setting: Reader) -> str:
    """Read `.blur`, `.blur()`, `.location = …`, `[0]`; frames by their number or name have words of their own."""
    if what == "[0]":
        return "indexed"
    found = re.fullmatch(r"\.([\w-]+)(?:\(.*\)| = .+)?", what)
    if found is None:
        raise setting.unknown("action")
    return _NAMED.get(found[1], found[1])


def _read_from_role(row: Row, setting: Reader) -> Access:
    """Read a row that tells the COOP page from the other one; the file's name says which opened which."""
    coop_page = Document(response_of(setting.part("coop_page"), "/coop"))
    other = Document(response_of(setting.part("other_page"), "/other"))
    setting.one_of("action", CALLS_BLUR)
    found = _DIRECTION.search(row.source)
    if found is None:
        raise NotStagedError(f"the row's source {row.source!r} does not say which page accesses which, as known")
    direction, role = found.groups()
    apart = _apart(coop_page, other, role)
    of_coop_page = _ROLE_OF_COOP_PAGE[role]
    if direction == "from":
        return Access(coop_page, other, "blur", of_coop_page, apart, by_coop_page=True)
    of_other = _ROLE_OF_COOP_PAGE[of_coop_page]
    return Access(other, coop_page, "blur", of_other, apart, by_coop_page=False)


def _apart(coop_page: Document, other: Document, role: str) -> bool:
    """Whether the windows would be parted; `role` is what the other page is to the COOP page."""
    if role == "openee":
        return virtually_apart(coop_page, [Navigation((other.response,))])
    if role == "opener":
        return virtually_apart(other, [Navigation((coop_page.response,))])
    # A third page without policies opens both: one that would be parted from it is parted from its sister.
    third = Document(Hop(f"{coop_page.response.origin}/main", coop_page.response.origin))
    return any(virtually_apart(third, [Navigation((page.response,))]) for page in (coop_page, other))
