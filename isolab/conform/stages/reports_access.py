"""Scenes of reports about accesses to other windows: kind coop-access-report."""

from __future__ import annotations

from dataclasses import replace

from isolab.conform.kinds.reports_access import Access, read_access
from isolab.conform.reader import Reader
from isolab.conform.row import Json, Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages.reported import ASKER, asker, with_endpoints
from isolab.conform.stages.script import at, given, page_with, url_of

_TOLD = {
    "report_sent": "sent",
    "report_type": "type",
    "property": "property",
    "disposition": "disposition",
    "effectivePolicy": "policy",
    "source_location": "source",
}
"""Under which key the asking page says each observation."""
_GO, _TOUCH = '<button id="go">open</button>', '<button id="touch">touch</button>'
_OTHERS = {"opener": "self.opened", "openee": "self.opener", "other": "self.opener.opened"}
"""Where a page finds the window that it touches, by what it is to that."""


def act(row: Row) -> Act:
    """Play a row of this kind. Raises NotStagedError."""
    setting = Reader(row.setting)
    access = read_access(row, setting)
    setting.finish()
    scene = Scene(row.id)
    _windows(scene, access)
    # What is not there yet is touched without a report.
    scene.flow += [{"wait": page, "says": "ready"} for page in ("accessed", "accessor")]
    scene.flow += [{"click": "#touch", "in": "accessor"}, {"wait": "accessor", "says": "touched"}]
    endpoints = [*_pages(scene, access).items()]
    asked = "access-from" if access.by_coop_page else "access-to"
    home = replace(access.accessor.response, headers=())
    asker(scene, home, "sayAccess", {"endpoints": endpoints, "asked": asked})
    return _expected(scene, row)


def _windows(scene: Scene, access: Access) -> None:
    """Have the windows open one another, by clicks: `accessor` and `accessed`."""
    match access.relation:
        case "opener":
            scene.flow = [{"open": "accessor"}, {"click": "#go", "opens": "accessed"}]
        case "openee":
            scene.flow = [{"open": "accessed"}, {"click": "#go", "opens": "accessor"}]
        case _:
            main = replace(at(access.accessor.response, "/main"), headers=())
            calls = [_opening("go", "opened", "accessed"), _opening("touch", "second", "accessor")]
            scene.page("main", main, html=page_with(("touching",), "; ".join(calls), [_GO, _TOUCH]), quiet=True)
            scene.flow = [
                {"open": "main"},
                {"click": "#go", "opens": "accessed"},
                {"click": "#touch", "in": "main", "opens": "accessor"},
            ]


def _pages(scene: Scene, access: Access) -> dict[str, str]:
    """Add both pages; gives what their reports are collected as, and of which page they are."""
    options = {"name": access.name, "sets": access.setting, "url": url_of("accessed")}
    touching = f"touching(() => {_OTHERS[access.relation]}, {given(options)})"
    calls = {"accessor": [touching], "accessed": []}
    if access.relation != "other":
        opens = "accessor" if access.relation == "opener" else "accessed"
        opened = "accessed" if opens == "accessor" else "accessor"
        calls[opens].insert(0, _opening("go", "opened", opened))
    found: dict[str, str] = {}
    for page, document in {"accessor": access.accessor, "accessed": access.accessed}.items():
        response, named = with_endpoints(page, document.response)
        found |= dict.fromkeys(named.values(), page)
        html = page_with(("touching",), "; ".join([*calls[page], "isolab.say('ready')"]), [_GO, _TOUCH])
        scene.page(page, at(response, f"/{page}"), html=html, quiet=True)
    return found


def _opening(button: str, name: str, page: str) -> str:
    """Have a click on a button open a page, whose window then has this name in the page's own script."""
    return f"opening('{button}', '{name}', '{url_of(page)}')"


def _expected(scene: Scene, row: Row) -> Act:
    claims: dict[str, str] = {}
    unseen: dict[str, str] = {}
    for name, value in row.expect.items():
        check, said = _check(name, value)
        if check is None:
            unseen[name] = "an observer that is told nothing cannot be told from one that does not work"
            continue
        claims[name] = check
        scene.expect[check] = said
    return Act(scene, claims, unseen)


def _check(name: str, value: Json) -> tuple[str | None, Json]:
    if name in _TOLD:
        return f"{ASKER}.says.{_TOLD[name]}", "none" if value is None else value
    return ("accessor.says.observed" if name == "observer_report_type" and value else None), value
