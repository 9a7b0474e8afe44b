"""Scenes of the ways of opening that may ask for no opener: links, areas, a base target, window features."""

from __future__ import annotations

import html
import re

from isolab.conform.headers import response_of
from isolab.conform.kinds.ways import MARKUP, Way, read_way
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import named_windows

_AREA = '<map name="m">{}</map><img usemap="#m" alt="" width="40" height="40">'


def act(row: Row) -> Act:
    """Play a row of the kind noopener. Raises NotStagedError."""
    setting = Reader(row.setting)
    opener = response_of(setting.part("opener"), "/opener")
    part = setting.part("open")
    way, markup = read_way(part), MARKUP.fullmatch(part.text("method", "window.open") or "")
    scene = Scene(row.id)
    if way.choice == "this":
        return named_windows.around(scene, opener, row)
    if way.retargets:
        return named_windows.retargets(scene, opener, row, way)
    if markup:
        scene.page("opener", opener, html=_page(markup, part.text("rel")))
        scene.flow = [{"open": "opener"}, {"click": "#go", "opens": "popup"}]
    else:
        scene.page("opener", opener)
        step = {"popup": "popup", "target": way.name, "features": part.text("features")}
        scene.flow = [{"open": "opener"}, {key: value for key, value in step.items() if value}]
    scene.page("popup", response_of(setting.part("popup"), "/popup"))
    return _expect(scene, row, way)


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
