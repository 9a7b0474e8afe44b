"""Popups that show something else than an HTML page: nothing in them can tell, so their opener does."""

from __future__ import annotations

import re
from dataclasses import replace

from isolab.conform.headers import FIELDS, HOSTS
from isolab.conform.kinds.popup import Opened, read_opened
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.conform.stages.script import given, page_with, url_of
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

_KIND = re.compile(r"(?:\S+ \()?(xml|image|text|video|multipart/x-mixed-replace)\)?")
_TYPES = {"xml": "application/xml", "text": "text/plain", "video": "video/mp4"}
_BODIES = {"xml": "<foo>an element</foo>", "text": "a line of text", "video": "no frames at all"}
_BOUNDARY = "part-of-the-popup"
_NAME = "foobar"
_SAID = {"popup_closed_seen_by_opener": "closed", "name_seen_by_opener": "name"}


def act(row: Row) -> Act:
    """Play a row whose popup is no HTML page. Raises NotStagedError."""
    setting = Reader(row.setting)
    opened = read_opened(setting)
    setting.finish()
    if len(opened.life) != 1 or opened.noopener or opened.creator.parent is not None:
        raise NotStagedError("a popup that is no HTML page is opened by a page, and stays")
    scene = Scene(row.id, flow=[{"open": "opener"}])
    asked = _popup(scene, opened, row.setting["popup"])
    foreign = Origin("https", HOSTS["cross-site"])
    cut = Hop(f"{foreign}/control", foreign, 200, ((FIELDS["coop"], "same-origin"),))
    scene.page("control", cut, fixture="image")
    options = given({"url": url_of(asked), "name": opened.name, "control": url_of("control")})
    html = page_with(("handles",), f"tellHandle({options})")
    scene.page("opener", opened.creator.response, html=html, quiet=True)
    claims = {name: f"opener.says.{_SAID[name]}" for name in row.expect if name in _SAID}
    scene.expect |= {check: "none" if row.expect[name] is None else row.expect[name] for name, check in claims.items()}
    return act_of(scene, row, claims, "nothing in the popup can tell")


def _popup(scene: Scene, opened: Opened, part: dict[str, object]) -> str:
    """Add what the popup shows; gives the page that it is sent to."""
    hops = opened.life[0].hops
    kind = _KIND.fullmatch(str(part.get("document")))
    if kind is None:
        raise NotStagedError(f"the popup's document {part.get('document')!r} is not known")
    if kind[1] == "image":
        return scene.way("popup", hops, fixture="image")
    multipart = kind[1] not in _TYPES
    content_type = f"{kind[1]}; boundary={_BOUNDARY}" if multipart else _TYPES[kind[1]]
    body = _multipart(part.get("body_part_coop")) if multipart else _BODIES[kind[1]]
    last = replace(hops[-1], headers=(*hops[-1].headers, ("Content-Type", content_type)))
    return scene.way("popup", [*hops[:-1], last], html=body)


def _multipart(coop: object) -> str:
    headers = ["Content-Type: text/html", *([f"{FIELDS['coop']}: {coop}"] if coop else [])]
    return "\r\n".join([f"--{_BOUNDARY}", *headers, "", "<p>the part</p>", f"--{_BOUNDARY}--", ""])
