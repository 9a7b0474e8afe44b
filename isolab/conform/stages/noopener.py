"""Scenes of the ways of opening that may ask for no opener: links, areas, a base target, window features."""

from __future__ import annotations

import html
import json
import re

from isolab.conform.headers import response_of
from isolab.conform.kinds.noopener import ITSELF
from isolab.conform.kinds.ways import MARKUP, Way, read_way
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages.script import at, given, page_with, url_of
from isolab.policy.response import Hop

_AREA = '<map name="m">{}</map><img usemap="#m" alt="" width="40" height="40">'


def act(row: Row) -> Act:
    """Play a row of the kind noopener. Raises NotStagedError."""
    setting = Reader(row.setting)
    opener = response_of(setting.part("opener"), "/opener")
    part = setting.part("open")
    way, markup = read_way(part), MARKUP.fullmatch(part.text("method", "window.open") or "")
    scene = Scene(row.id)
    if way.choice == "this":
        return _around(scene, opener, row)
    if way.retargets:
        return _retargets(scene, opener, row, way)
    if markup:
        scene.page("opener", opener, html=_page(markup, part.text("rel")))
        scene.flow = [{"open": "opener"}, {"click": "#go", "opens": "popup"}]
    else:
        scene.page("opener", opener)
        step = {"popup": "popup", "target": way.name, "features": part.text("features")}
        scene.flow = [{"open": "opener"}, {key: value for key, value in step.items() if value}]
    scene.page("popup", response_of(setting.part("popup"), "/popup"))
    return _expect(scene, row, way)


def _around(scene: Scene, opener: Hop, row: Row) -> Act:
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
    return Act(scene, claims, {name: "nothing in the flow shows it" for name in row.expect if name not in claims})


def _retargets(scene: Scene, opener: Hop, row: Row, way: Way) -> Act:
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
    return Act(scene, claims, {name: "nothing in the flow shows it" for name in row.expect if name not in claims})


def _returned(scene: Scene, opener: Hop, row: Row, way: Way) -> Act:
    """What window.open returns says nothing of the link of a window that was there: the page's script tells it."""
    features = (row.setting.get("open") or {}).get("features") or "noopener"
    options = {"first": url_of("first"), "second": url_of("second"), "name": way.name, "features": features}
    scene.page("opener", opener, html=page_with(("handles",), f"tellReturned({given(options)})"), quiet=True)
    scene.flow = [{"open": "opener"}]
    claims = {name: "opener.says.null" for name in row.expect if name == "window_open_returns_null"}
    scene.expect |= {check: bool(row.expect[name]) for name, check in claims.items()}
    return Act(scene, claims, {name: "nothing in the flow shows it" for name in row.expect if name not in claims})


def _page(markup: re.Match[str], rel: str | None) -> str:
    """A page with the element, which a button has clicked: an area has no place of its own to click at."""
    element, target, base = markup.group("element"), markup.group("target"), markup.group("base")
    form = element == "form"
    attributes = {"action" if form else "href": "${{ url.popup }}", "target": target, "rel": rel}
    given = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items() if value is not None)
    made = f'<{element} id="opens"{given}></{element}>'
    around = f'<base target="{html.escape(base)}">' if base else ""
    press = f"document.getElementById('opens').{'submit' if form else 'click'}()"
    return f'{around}<button id="go" onclick="{press}">go</button>{_AREA.format(made) if element == "area" else made}'


def _expect(scene: Scene, row: Row, way: Way) -> Act:
    claims: dict[str, str] = {}
    unseen: dict[str, str] = {}
    for name, value in row.expect.items():
        if name in ("opener_in_popup", "state"):
            claims[name] = "popup.opener"
            fate = "preserved" if value is True else "noopener" if value is False else value
            scene.expect["popup.opener"] = fate
        elif name == "name":
            claims[name] = "popup.name"
            scene.expect["popup.name"] = value
        else:
            unseen[name] = "nothing in the flow shows it"
    if way.noopener and row.expect.get("window_open_returns_null"):
        claims["window_open_returns_null"] = "popup.opener"
        unseen.pop("window_open_returns_null", None)
    return Act(scene, claims, unseen)
