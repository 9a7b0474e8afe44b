"""Scenes of windows that a page opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from isolab.conform.headers import response_of
from isolab.conform.kinds.popup import BACK, WRITES_FIRST, Opened, read_opened
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Json, Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import popup_resource, popup_worker, popup_written
from isolab.policy.response import Hop
from isolab.scenario.case import Scalar

NAME = "isolab-popup"
"""Under which name a popup is opened that is to have one of its own."""


def act(row: Row) -> Act:
    """Play a row of the kinds popup, popup-redirect, popup-navigates and popup-from-iframe. Raises NotStagedError."""
    popup = row.setting.get("popup") or {}
    if popup.get("document") or popup.get("body_part_coop"):
        return popup_resource.act(row)
    setting = Reader(row.setting)
    opened = read_opened(setting)
    scene = Scene(row.id)
    if opened.creator.inherits is not None:
        raise NotStagedError("no page of the lab embeds a srcdoc frame that has a probe")
    if (row.setting.get("open") or {}).get("method") == WRITES_FIRST:
        popup_written.pages(scene, opened, row)
    else:
        _pages(scene, opened, row)
    claims, unseen = expectations(scene, opened, row)
    return Act(scene, claims, unseen)


def _pages(scene: Scene, opened: Opened, row: Row) -> None:
    opener = _opening_page(scene, opened)
    if (row.setting.get("popup") or {}).get("served_by"):
        # Another page comes before it, which has the worker installed.
        opener = opener or "opener"
    first, *later = opened.life
    shown = scene.way("popup", first.hops)
    if (row.setting.get("popup") or {}).get("served_by"):
        popup_worker.serve(scene, first.hops[-1], row)
    step = {"popup": "popup", "from": opener, "page": shown, **_way(row)}
    step |= {"target": target_of(opened), "features": _features(row)}
    scene.flow += [{"open": "opener"}, {key: value for key, value in step.items() if value}]
    if "then_open" in row.setting:
        scene.page("second", response_of(Reader(row.setting["then_open"]).part("popup"), "/second"))
        scene.flow.append({"popup": "second", "from": "popup"})
    by = (row.setting.get("then_navigate") or {}).get("by", "popup")
    if (row.setting.get("then_navigate") or {}).get("then") == BACK:
        _go_and_come_back(scene, later[0].hops)
        later = []
    for number, navigation in enumerate(later, start=1):
        page = scene.way(f"later-{number}", navigation.hops)
        scene.flow.append({"navigate": "popup", "page": page, "by": "opener" if by == "opener" else "location"})
    if row.expect.get("popup_length_seen_by_opener") == 1:
        _have_frame(scene, opened)


def _go_and_come_back(scene: Scene, hops: Sequence[Hop]) -> None:
    """Send the popup to a page from which a person goes back."""
    page = scene.way("away", hops, html='<button id="back" onclick="history.go(-1)">back</button>')
    scene.flow += [
        {"navigate": "popup", "page": page, "by": "location"},
        {"click": "#back", "in": "popup", "loads": "popup"},
    ]


def _have_frame(scene: Scene, opened: Opened) -> None:
    """Put a frame into the page that the popup shows at the end, one that no policy blocks."""
    last = scene.pages[_last(opened)]
    last["embed"] = {"inner": {"iframe": "inner"}}
    scene.pages["inner"] = {"host": last["host"], "path": "/inner", "coep": "require-corp", "corp": "cross-origin"}


def _last(opened: Opened) -> str:
    """The page that the popup shows at the end."""
    return f"later-{len(opened.life) - 1}" if len(opened.life) > 1 else "popup"


def _opening_page(scene: Scene, opened: Opened) -> str:
    """Add the page that opens; gives the name of the window or frame that does, "" for the first window."""
    creator = opened.creator
    if creator.parent is None:
        scene.page("opener", creator.response)
        return ""
    attributes: dict[str, object] = {"iframe": "frame"}
    if creator.sandbox is not None:
        attributes["sandbox"] = " ".join(sorted(creator.sandbox))
    if creator.credentialless:
        attributes["credentialless"] = True
    scene.page("opener", creator.parent.response, embed={"frame": attributes})
    scene.page("frame", creator.response)
    return "opener.frame"


def _way(row: Row) -> dict[str, str]:
    """How the window is opened; a form with a target does as a link with rel=opener."""
    linked = (row.setting.get("open") or {}).get("method") in ("anchor-rel-opener", "form-GET")
    return {"by": "link", "rel": "opener"} if linked else {}


def target_of(opened: Opened) -> str:
    """Give the name that a popup is opened under."""
    return NAME if opened.name == "<unique>" else opened.name or ""


def _features(row: Row) -> str:
    way = row.setting.get("open") or {}
    return str(way.get("features") or ("noopener" if way.get("noopener") else ""))


def expectations(scene: Scene, opened: Opened, row: Row) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What a scene's `popup` must show: claims and what is unseen, as an act has them. Raises NotStagedError."""
    last = _last(opened)
    claims: dict[str, str] = {}
    unseen: dict[str, str] = {}
    for name, value in row.expect.items():
        found = _CHECKS[name](row, opened, value, last) if name in _CHECKS else None
        if found is None:
            unseen[name] = "nothing in the flow shows it"
            continue
        claims[name], expected = found
        if scene.expect.setdefault(claims[name], expected) != expected:
            raise NotStagedError(f"the row contradicts itself about {claims[name]}")
    return claims, unseen


Found = tuple[str, Scalar] | None


def _opener(row: Row, _opened: Opened, value: Json, _last: str) -> Found:
    if value:
        return "popup.opener", "preserved"
    if "state" in row.expect:
        return "popup.opener", row.expect["state"]
    null = row.expect.get("window_open_returns_null") or bool(_features(row))
    return "popup.opener", "noopener" if null else "severed"


def _null(row: Row, opened: Opened, value: Json, last: str) -> Found:
    """A handle that is there is one whose link is kept or severed: as the row states it, else by the rules."""
    if value:
        return "popup.opener", "noopener"
    if "state" in row.expect:
        return "popup.opener", row.expect["state"]
    if "opener_in_popup" in row.expect:
        return _opener(row, opened, row.expect["opener_in_popup"], last)
    return ("popup.opener", opened.link.fate) if opened.link.fate != "noopener" else None


def _name(_row: Row, opened: Opened, value: Json, _last: str) -> Found:
    return ("popup.name", target_of(opened) if value else "") if target_of(opened) else None


_CHECKS: Mapping[str, Callable[[Row, Opened, Json, str], Found]] = {
    "state": lambda _row, _opened, value, _last: ("popup.opener", value),
    "opener_in_popup": _opener,
    "window_open_returns_null": _null,
    "name_preserved": _name,
    "popup_closed_seen_by_opener": lambda _row, _opened, value, _last: ("popup.closed", value),
    "popup_length_seen_by_opener": lambda _row, _opened, value, _last: ("popup.length", value),
    "opener_can_access_popup_document": lambda _row, _opened, value, _last: ("popup.domAccess", value),
    # The message that proves the link was heard over that very handle.
    "opener_can_access_cross_origin_props": lambda _row, _opened, value, _last: (
        ("popup.opener", "preserved") if value else None
    ),
    "second_popup_loads": lambda _row, _opened, value, _last: (
        ("second.url", "second") if value else ("second.opener", "not-loaded")
    ),
    "popup_loads": lambda _row, _opened, value, last: ("popup.url", last) if value else None,
    "navigation_loads": lambda _row, _opened, value, last: ("popup.url", last) if value else None,
    "crossOriginIsolated_in_opener": lambda _row, _opened, value, _last: ("opener.crossOriginIsolated", value),
}
"""Which check an observation stands on, and what it expects; None where none can show it."""
