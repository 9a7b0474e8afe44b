"""Scenes of Document-Isolation-Policy: documents tell what they get of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from isolab.conform.headers import FIELDS, HOSTS, response_of
from isolab.conform.kinds.isolation_policy import read_form
from isolab.conform.kinds.isolation_policy_words import document_of
from isolab.conform.kinds.loading import image_of
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Json, Row
from isolab.conform.scene import Scene
from isolab.conform.staged import Act, act_of
from isolab.conform.stages.posting import PostOffice
from isolab.conform.stages.script import at, frame_of, given, page_with, url_of
from isolab.policy.document import Document
from isolab.policy.response import Hop
from isolab.policy.terms import Origin

LIBRARIES = ("lines", "memory", "clusters")
"""The scripts that all documents have."""
Claims = Mapping[str, tuple[str, Callable[[Json], Json]]]
"""By observation: the check, and what it expects by the row's value."""
_FREE = (FIELDS["corp"], "cross-origin")
_IMAGE = re.compile(
    r"(?P<prefix>creator_|blob_)no_cors(?:_(?P<relation>same_origin|same_site|cross_origin|cross_site))?_.*"
)


def act(row: Row) -> Act:
    """Play a row of the kind dip. Raises NotStagedError."""
    setting = Reader(row.setting)
    form, parts = read_form(row.subtest)
    scene = Scene(row.id)
    scene.flow = [{"open": "page"}]
    found = _blob(scene, setting, parts, row) if form == "blob" else _PLAYS[form](scene, parts)
    setting.finish()
    claims: dict[str, str] = {}
    for name, value in row.expect.items():
        if name in found:
            claims[name], expected = found[name]
            scene.expect[claims[name]] = expected(value)
    return act_of(scene, row, claims)


def _same(value: Json) -> Json:
    return value


def _says(*names: str) -> dict[str, tuple[str, Callable[[Json], Json]]]:
    return {name: (f"page.says.{name}", _same) for name in names}


def _document(scene: Scene, name: str, document: Document, call: str, frames: Sequence[str] = ()) -> str:
    return scene.page(name, at(document.response, f"/{name}"), html=page_with(LIBRARIES, call, frames))


# --- who gets at whom -------------------------------------------------------------------------------------------------


def _two(scene: Scene, parts: Sequence[str]) -> Claims:
    parent = document_of(parts[0])
    child = document_of(parts[1], parent)
    # A row whose outer document is a frame itself has it in a page of which nothing is said.
    inside = parent.response.url.endswith("/frame")
    return _reach(scene, parent, child, document_of("page") if inside else None)


def _three(scene: Scene, parts: Sequence[str]) -> Claims:
    top = document_of(parts[0])
    frame = document_of(parts[1], top)
    return _reach(scene, frame, document_of(parts[2], frame), top)


def _reach(scene: Scene, parent: Document, child: Document, top: Document | None) -> Claims:
    _document(scene, "child", child, "within('child')")
    name = "page" if top is None else "parent"
    _document(scene, name, parent, "around('child')", [frame_of("child")])
    if top is not None:
        _document(scene, "page", top, "tellWhatIsHeard()", [frame_of("parent")])
    return {
        **_says("access", "same_agent_cluster", "crossOriginIsolated"),
        "contentDocument": ("page.says.contentDocument", lambda value: value or "none"),
        "cross_access": ("page.says.cross_access", lambda value: str(value).removesuffix(" both ways")),
    }


def _windows(scene: Scene, parts: Sequence[str]) -> Claims:
    opener = document_of(parts[0])
    popup = document_of(parts[1], apart=opener)
    scene.page("page", at(opener.response, "/page"))
    _document(scene, "popup", popup, "isolab.say('opener_document', access(() => opener.document))")
    scene.flow.append({"popup": "popup"})
    return {
        "opener_is_null": ("popup.opener", lambda value: "severed" if value else "preserved"),
        "opener.document": ("popup.says.opener_document", _same),
        "popup.document": ("popup.domAccess", lambda value: value == "object"),
    }


def _first_window(scene: Scene, parts: Sequence[str]) -> Claims:
    """What is put on the window before its page is there stays on it if that takes the same Window object."""
    opener = document_of("opener")
    popup = document_of(parts[0], apart=opener)
    _document(scene, "popup", popup, "isolab.say('reused', self.mark === 'put')")
    press = "const made = window.open(isolab.urls.popup); made.mark = 'put';"
    scene.page("page", at(opener.response, "/page"), html=f'<button id="go" onclick="{press}">go</button>')
    scene.flow.append({"click": "#go", "opens": "popup"})
    return {"window_reused": ("popup.says.reused", _same)}


def _one(scene: Scene, parts: Sequence[str]) -> Claims:
    _document(
        scene,
        "page",
        document_of(parts[0]),
        "sayAll({ originAgentCluster: self.originAgentCluster === true, crossOriginIsolated })",
    )
    return _says("originAgentCluster", "crossOriginIsolated")


def _javascript(scene: Scene, parts: Sequence[str]) -> Claims:
    page = document_of(parts[0])
    _document(scene, "frame", document_of(parts[1], page), "within('frame')")
    # As the page is, so that its URLs run.
    _document(scene, "control", page, "within('control')")
    _document(scene, "page", page, "javascript()", [frame_of("frame"), frame_of("control")])
    return _says("runs")


def _module(scene: Scene, parts: Sequence[str]) -> Claims:
    page = document_of("page")
    office = PostOffice(scene, page, "")
    to = [office.receiver(document_of(parts[0], page))]
    office.sender(page, {"to": to, "what": "module"})
    return {"event": ("page.says.result", _same)}


# --- local documents --------------------------------------------------------------------------------------------------


def _blank(scene: Scene, parts: Sequence[str]) -> Claims:
    parent = document_of(parts[1])
    resource = Hop("", Origin("https", HOSTS["same-site"]))
    scene.page("bare", at(resource, "/bare"), fixture="data")
    scene.page("free", at(replace(resource, headers=(_FREE,)), "/free"), fixture="data")
    attribute = "srcdoc" if parts[0] == "about:srcdoc" else ""
    urls: dict[str, Any] = {"bare": url_of("bare"), "free": url_of("free")}
    _document(scene, "page", parent, f"local('{attribute}', {given(urls)})")
    return {**_says("accessible"), "inherits_policy": ("page.says.inherits", _same)}


def _blob(scene: Scene, setting: Reader, parts: Sequence[str], row: Row) -> Claims:
    """A frame loads images, and so does a document that it makes and shows in a frame of its own."""
    if parts[0]:
        raise NotStagedError("Chromium 156 ends itself over a blob: document of a sandboxed creator with this policy")
    creator = Document(response_of(setting.part("document"), "/creator"))
    found = {name: match for name in row.expect if (match := _IMAGE.fullmatch(name))}
    relations = [*dict.fromkeys(match["relation"] or "cross_origin" for match in found.values())]
    urls = given({"all": [_images(scene, creator, relation) for relation in relations]})
    inner = given({"all": page_with(LIBRARIES, f"images('blob_', {urls}.all)")})
    _document(scene, "creator", creator, f"images('creator_', {urls}.all); showLocally({inner}.all)")
    _document(scene, "page", document_of("page"), "tellWhatIsHeard()", [frame_of("creator")])
    return {
        name: (f"page.says.{match['prefix']}{match['relation'] or 'cross_origin'}", _same)
        for name, match in found.items()
    }


def _images(scene: Scene, creator: Document, relation: str) -> list[str]:
    image = image_of(creator, relation)
    bare = scene.page(relation, at(image, f"/{relation}"), fixture="image")
    free = at(replace(image, headers=(_FREE,)), f"/{relation}-control")
    scene.page(f"{relation}-control", free, fixture="image")
    return [relation, url_of(bare), url_of(f"{relation}-control")]


_PLAYS: Mapping[str, Callable[[Scene, Sequence[str]], Claims]] = {
    "blank": _blank,
    "first window": _first_window,
    "javascript": _javascript,
    "module": _module,
    "windows": _windows,
    "three": _three,
    "two": _two,
    "one": _one,
}
"""What plays each form of a row's sentence."""
