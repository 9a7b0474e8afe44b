"""Scenes of frames without credentials."""

from __future__ import annotations

from dataclasses import replace

from isolab.conform.headers import FIELDS
from isolab.conform.kinds.credentialless import Framed, read_framed
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import popup
from isolab.conform.stages.script import frame_of, page_with

LIBRARIES = ("frames",)
_TOLD = {"iframe.credentialless": "element", "window.credentialless": "window", "cookie_sent": "cookie"}
"""Under which key the page says each observation that its frames tell."""


def act(row: Row) -> Act:
    """Play a row of the kind credentialless-iframe. Raises NotStagedError."""
    if "popup" in row.setting:
        return popup.act(row)
    setting = Reader(row.setting)
    framed = read_framed(setting)
    setting.finish()
    scene = Scene(row.id, flow=[{"open": "page"}])
    if "blocked" in row.expect:
        claims = _loads(scene, framed, blocked=bool(row.expect["blocked"]))
    else:
        claims = _tells(scene, framed, cookies="cookie_sent" in row.expect)
        scene.expect |= {claims[name]: value for name, value in row.expect.items() if name in claims}
    found = {name: claims[name] for name in row.expect if name in claims}
    return Act(scene, found, {name: "nothing in the scene shows it" for name in row.expect if name not in found})


def _loads(scene: Scene, framed: Framed, *, blocked: bool) -> dict[str, str]:
    """Add the frame as what its pages embed."""
    inner = {"it": {"iframe": "it", **({"credentialless": True} if framed.attributes else {})}}
    scene.page("it", framed.hop)
    scene.page("page", framed.parent.top.response, embed=inner)
    check = "page.it"
    if framed.parent.parent is not None:
        scene.page("page", framed.parent.top.response, embed={"around": {"iframe": "around", "credentialless": True}})
        scene.page("around", framed.parent.response, embed=inner)
        check = "page.around.it"
    scene.expect[check] = "blocked" if blocked else "loaded"
    return {"blocked": check}


def _tells(scene: Scene, framed: Framed, *, cookies: bool) -> dict[str, str]:
    """Add frames whose scripts tell what they are."""
    inner = frame_of("it", **dict(framed.attributes))
    call = "sayForFrames(); tellCookieOfFrame()" if cookies else "sayForFrames()"
    scene.page("it", framed.hop, html=page_with(LIBRARIES, "tellWindow()"))
    if framed.parent.parent is None:
        scene.page("page", framed.parent.top.response, html=page_with(LIBRARIES, f"{call}; tellFrame()", [inner]))
    else:
        around = frame_of("around", credentialless="")
        scene.page("page", framed.parent.top.response, html=page_with(LIBRARIES, call, [around]))
        scene.page("around", framed.parent.response, html=page_with(LIBRARIES, "tellFrame()", [inner]))
    if cookies:
        _jar(scene, framed)
    return {name: f"page.says.{key}" for name, key in _TOLD.items()}


def _jar(scene: Scene, framed: Framed) -> None:
    """Have the browser visit a page of the frame's host that sets a cookie, which it then sends from the page."""
    home = scene.host(framed.parent.top.response.origin)
    allowed = ((FIELDS["acao"], f"${{{{ origin.{home} }}}}"), ("Access-Control-Allow-Credentials", "true"))
    headers = (("Set-Cookie", "who=me; Secure; SameSite=None"), (FIELDS["corp"], "cross-origin"), *allowed)
    scene.page("jar", replace(framed.hop, url=f"{framed.hop.origin}/jar", headers=headers))
    scene.flow = [{"open": "jar"}, *scene.flow]
