"""Scenes in which the window that is asked for is there already: the page's own, or one of that name."""

from __future__ import annotations

import json

from isolab.conform.headers import response_of
from isolab.conform.kinds.noopener import ITSELF
from isolab.conform.kinds.ways import Way
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.conform.stages.script import at, given, page_with, url_of
from isolab.policy.response import Hop


def around(scene: Scene, opener: Hop, row: Row) -> Act:
    """A target that means the window itself: its script tells what it gets, having gone to a place in itself."""
    way = row.setting.get("open") or {}
    features = str(way.get("features") or ("noopener" if way.get("noopener") else ""))
    arguments = ", ".join(map(json.dumps, ["#here", way.get("target") or way.get("name"), features]))
    script = f"const got = open({arguments}); isolab.say('null', got === null); isolab.say('itself', got === self);"
    scene.page("opener", opener, html=f"<script>{script}</script>", quiet=True)
    scene.flow = [{"open": "opener"}]
    told = {"window_open_returns_null": ("null", bool), "returned": ("itself", lambda value: value == ITSELF)}
    claims = {name: f"opener.says.{told[name][0]}" for name in row.expect if name in told}
    scene.expect |= {check: told[name][1](row.expect[name]) for name, check in claims.items()}
    return act_of(scene, row, claims, "nothing in the flow shows it")


def retargets(scene: Scene, opener: Hop, row: Row, way: Way) -> Act:
    """A window of that name is there already, and shows the second page if it is the one that is meant."""
    target = response_of(Reader(row.setting).part("popup"), "/first")
    for name, hop in {"first": target, "second": at(target, "/second")}.items():
        scene.page(name, hop)
    if way.noopener:
        return _returned(scene, opener, row, way)
    scene.page("opener", opener)
    again = {"popup": "second", "target": way.name, "features": (row.setting.get("open") or {}).get("features")}
    scene.flow = [
        {"open": "opener"},
        {"popup": "first", "target": way.name},
        {key: value for key, value in again.items() if value},
    ]
    claims: dict[str, str] = {}
    for name, value in row.expect.items():
        if name == "window_open_returns_null":
            claims[name] = "second.opener"
            scene.expect["second.opener"] = "noopener" if value else "preserved"
        elif name == "existing_window_reused_and_keeps_opener" and value:
            claims[name] = "first.url"
            scene.expect |= {"first.url": "second", "first.opener": "preserved"}
    return act_of(scene, row, claims, "nothing in the flow shows it")


def _returned(scene: Scene, opener: Hop, row: Row, way: Way) -> Act:
    """What window.open returns says nothing of the link of a window that was there: the page's script tells it."""
    features = (row.setting.get("open") or {}).get("features") or "noopener"
    options = {"first": url_of("first"), "second": url_of("second"), "name": way.name, "features": features}
    scene.page("opener", opener, html=page_with(("handles",), f"tellReturned({given(options)})"), quiet=True)
    scene.flow = [{"open": "opener"}]
    claims = {name: "opener.says.null" for name in row.expect if name == "window_open_returns_null"}
    scene.expect |= {check: bool(row.expect[name]) for name, check in claims.items()}
    return act_of(scene, row, claims, "nothing in the flow shows it")
