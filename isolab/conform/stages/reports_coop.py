"""Scenes of reports about a navigation to another browsing context group: kind coop-report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from isolab.conform.kinds.reports_coop import OPENER, SIDES, Reported, read_reported
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Json, Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.conform.stages.reported import ASKER, asker, with_endpoints
from isolab.policy.coop import obtain_opener_policy
from isolab.policy.referrer import DEFAULT
from isolab.policy.response import Hop

_SAID = f"{ASKER}.says.reports"
_PLACES = ("endpoint", "body_type")
Endpoints = list[tuple[str, str]]


def act(row: Row) -> Act:
    """Play a row of this kind. Raises NotStagedError."""
    setting = Reader(row.setting)
    case = read_reported(setting)
    setting.finish()
    scene, endpoints = Scene(row.id), []
    hops = {}
    for page, hop in {"opener": case.creator.response, **case.hops}.items():
        hops[page], named = _reporting(page, hop, case)
        endpoints += named
    scene.page("opener", hops.pop("opener"))
    step = {"popup": "popup", "page": scene.way("popup", list(hops.values())), "features": _features(row)}
    # Its reports are about the popup's way, which is to be over before anybody asks for them.
    arrived = {"wait": "popup", "page": "popup"}
    scene.flow = [{"open": "opener"}, {key: value for key, value in step.items() if value}, arrived]
    stated = row.expect.get("reports") or []
    options = {"endpoints": endpoints, "lines": [_line(each) for each in stated], "words": _words(scene, case)}
    asker(scene, case.creator.response, "sayNavigations", options)
    scene.expect |= dict(_expected(row))
    return act_of(scene, row, {"reports": _SAID, "state": "popup.opener"})


def _reporting(page: str, hop: Hop, case: Reported) -> tuple[Hop, Endpoints]:
    """Give the response as it reports, and what each of its endpoints is collected and called as."""
    if page == "opener" and case.policy != DEFAULT:
        hop = replace(hop, headers=(*hop.headers, ("Referrer-Policy", case.policy)))
    if page in case.silent:
        return hop, []
    reporting, named = with_endpoints(page, hop)
    policy = obtain_opener_policy(reporting.headers, secure_context=hop.origin.scheme == "https")
    sides = {"enforce": policy.endpoint, "reporting": policy.report_only_endpoint}
    if policy.endpoint is not None and policy.endpoint == policy.report_only_endpoint:
        raise NotStagedError("both halves of a policy report to the same endpoint")
    return reporting, [(named[e], f"{page}.{SIDES[side]}") for side, e in sides.items() if e in named]


def _features(row: Row) -> str:
    way = row.setting.get("open") or {}
    return str(way.get("features") or ("noopener" if way.get("noopener") else ""))


def _line(report: Mapping[str, Json]) -> dict[str, Any]:
    """What the asking page needs to write a report as the row does: of what it is, and what is stated of it."""
    return {"endpoint": report["endpoint"], "type": report["body_type"], "keys": [*_stated(report)]}


def _stated(report: Mapping[str, Json]) -> Iterator[str]:
    yield from (key for key, value in report.items() if key not in _PLACES and value is not None)


def _expected(row: Row) -> Iterator[tuple[str, str]]:
    if "reports" in row.expect:
        lines = (
            " ".join([*(each[key] for key in _PLACES), *(f"{key}={each[key]}" for key in _stated(each))])
            for each in row.expect["reports"]
        )
        yield _SAID, "; ".join(sorted(lines))
    if "state" in row.expect:
        yield "popup.opener", row.expect["state"]


def _words(scene: Scene, case: Reported) -> dict[str, dict[str, str]]:
    """How rows call the URLs that reports tell."""
    url = {"popup": "${{ url.popup }}", "opener": "${{ url.opener }}", "redirect": "${{ url.popup-via-1 }}"}
    urls = {url[page]: case.word_for(hop.url) for page, hop in case.hops.items()} | {url["opener"]: OPENER}
    home = scene.host(case.creator.response.origin)
    told = {f"${{{{ origin.{home} }}}}/": "<opener origin>/", url["opener"]: "OPENER_URL"}
    return {"nextResponseURL": urls, "previousResponseURL": urls, "referrer": told}
