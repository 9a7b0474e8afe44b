"""Scenes of frames without credentials."""

from __future__ import annotations

from dataclasses import replace

from isolab.conform.headers import FIELDS
from isolab.conform.kinds.credentialless import Framed, read_framed
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.conform.stages import popup
from isolab.conform.stages.script import at, frame_of, given, page_with, url_of
from isolab.policy.csp import directives
from isolab.policy.document import Document

LIBRARIES = ("frames",)
_FREE = ((FIELDS["coep"], "require-corp"), (FIELDS["corp"], "cross-origin"))
"""What lets a page into any other as a frame."""
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
        says = framed.parent.parent is not None or directives(framed.hop.headers, "frame-ancestors")
        claims = (_says_whether_it_loads if says else _loads)(scene, framed, blocked=bool(row.expect["blocked"]))
    else:
        claims = _tells(scene, framed, cookies="cookie_sent" in row.expect)
        scene.expect |= {claims[name]: value for name, value in row.expect.items() if name in claims}
    return act_of(scene, row, claims)


def _loads(scene: Scene, framed: Framed, *, blocked: bool) -> dict[str, str]:
    """Add the frame as what the page embeds."""
    scene.page("it", framed.hop)
    scene.page(
        "page", framed.parent.response, embed={"it": {"iframe": "it", **{name: True for name, _ in framed.attributes}}}
    )
    scene.expect["page.it"] = "blocked" if blocked else "loaded"
    return {"blocked": "page.it"}


def _says_whether_it_loads(scene: Scene, framed: Framed, *, blocked: bool) -> dict[str, str]:
    """Have the page tell, beside a control.

    What frame-ancestors blocks is no matter of isolation, and in a frame that is blocked itself no check sees anything.
    """
    load: dict[str, object] = {}
    for name, hop in {"it": framed.hop, "control": replace(at(framed.hop, "/control"), headers=_FREE)}.items():
        scene.page(name, hop, html=page_with(LIBRARIES, f"speak('{name}')"))
        load["frame" if name == "it" else name] = url_of(_in_another(scene, framed, name))
    outer = framed.attributes if framed.parent.parent is None else _attributes(framed.parent)
    call = f"sayForFrames(); tellWhetherItLoads({given({**load, 'attributes': dict(outer)})})"
    scene.page("page", framed.parent.top.response, html=page_with(LIBRARIES, call))
    scene.expect["page.says.loads"] = not blocked
    return {"blocked": "page.says.loads"}


def _in_another(scene: Scene, framed: Framed, name: str) -> str:
    """Put a page into the frame around it, if there is one; gives the name of what the page is to embed."""
    around = framed.parent
    if around.parent is None:
        return name
    response = around.response if name == "it" else replace(around.response, headers=_FREE)
    inner = frame_of(name, **dict(framed.attributes))
    return scene.page(f"around-{name}", at(response, f"/around-{name}"), html=inner)


def _attributes(document: Document) -> tuple[tuple[str, str], ...]:
    return (("credentialless", ""),) if document.credentialless else ()


def _tells(scene: Scene, framed: Framed, *, cookies: bool) -> dict[str, str]:
    """Add frames whose scripts tell what they are."""
    inner = frame_of("it", **dict(framed.attributes))
    call = "sayForFrames(); tellCookieOfFrame()" if cookies else "sayForFrames()"
    scene.page("it", framed.hop, html=page_with(LIBRARIES, "tellWindow()"))
    if framed.parent.parent is None:
        scene.page("page", framed.parent.top.response, html=page_with(LIBRARIES, f"{call}; tellFrame()", [inner]))
    else:
        around = frame_of("around", **dict(_attributes(framed.parent)))
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
    scene.page("jar", replace(at(framed.hop, "/jar"), headers=headers))
    scene.flow = [{"open": "jar"}, *scene.flow]
