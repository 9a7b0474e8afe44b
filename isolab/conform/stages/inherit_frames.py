"""Scenes of frames that show local documents: about:blank, srcdoc, data:, blob: and javascript: ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from isolab.conform.kinds.inherit_frames import Framed, read_framed
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Json, Row
from isolab.conform.ruling import observations
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages.local_scripts import (
    CONTROL,
    LISTEN,
    RELATIONS,
    image_pages,
    script,
    see_child,
    see_images,
    see_self,
)
from isolab.policy.coep import COEP
from isolab.policy.corp import CORP
from isolab.policy.document import Document
from isolab.policy.response import Hop
from isolab.scenario.case import Scalar

_IMAGE = re.compile(rf"no_cors_({'|'.join(RELATIONS)})_without_corp")

# `show` goes on when the frame has loaded, and puts the text into what has none of its own.
_SHOW = """
const { text, steps } = isolab.with.inner ? { text: isolab.with.inner, steps: JSON.parse(isolab.with.steps) } : {};
const frame = document.createElement('iframe');
const addresses = {
  'data:': () => 'data:text/html,' + encodeURIComponent(text),
  'blob:': () => URL.createObjectURL(new Blob([text], { type: 'text/html' })),
  'javascript:': () => 'javascript:' + encodeURIComponent(JSON.stringify(text)),
};
const show = step => new Promise(resolve => {
  frame.addEventListener('load', resolve, { once: true });
  if (step === 'about:srcdoc') frame.srcdoc = text;
  else frame.src = step in addresses ? addresses[step]() : isolab.urls[step] || step;
  if (!frame.isConnected) document.body.append(frame);
});
(async () => {
  for (const step of steps) await show(step);
  if (steps.at(-1) !== 'about:blank') return;
  const inside = frame.contentDocument;
  for (const { textContent } of new DOMParser().parseFromString(text, 'text/html').scripts) {
    inside.body.append(Object.assign(inside.createElement('script'), { textContent }));
  }
})();
"""
_CREATOR = {
    "subframe": "const f = document.createElement('iframe'); f.src = url; document.body.append(f);",
    "navigate": "location.href = url;",
    "popup": "window.open(url);",
}


def act(row: Row) -> Act:
    """Play a row that has a frame in `parent`. Raises NotStagedError."""
    framed = read_framed(Reader(row.setting))
    if framed.shown.parent is None or framed.shown.parent.parent is not None:
        raise NotStagedError("no page of a scene has another page's frame navigated from outside yet")
    scene = Scene(row.id)
    stated = dict(observations(row.expect))
    inner = "<!doctype html><body>" + "".join(map(script, _inner(scene, framed, stated)))
    if framed.creator is not None:
        _created(scene, framed, framed.creator, inner)
    else:
        _shown(scene, framed, inner)
    scene.flow = [{"open": "page"}]
    return _expect(scene, framed, stated)


def _created(scene: Scene, framed: Framed, creator: Document, inner: str) -> None:
    """The blob: URL's maker is a frame of the page, and shows it."""
    made = "const url = URL.createObjectURL(new Blob([isolab.with.inner], { type: 'text/html' }));"
    text = "<!doctype html><body>" + script(made + _CREATOR[framed.via or ""])
    page = creator.response
    if CORP not in dict(page.headers):
        # The page has to let it in, of whatever relation it is.
        page = replace(page, headers=(*page.headers, (CORP, "cross-origin")))
    scene.page("creator", page, html=text, **{"with": {"inner": inner}})
    embed = "const f = document.createElement('iframe'); f.src = isolab.urls.creator; document.body.append(f);"
    scene.page("page", framed.parent.response, html="<!doctype html><body>" + script(LISTEN + embed))


def _shown(scene: Scene, framed: Framed, inner: str) -> None:
    steps = []
    for number, (url, document) in enumerate(framed.steps, start=1):
        steps.append(url)
        if url == "page":
            steps[-1] = name = f"frame-{number}"
            origin = document.response.origin
            scene.page(name, Hop(f"{origin}/{name}", origin, 200, document.response.headers))
    given = {"inner": inner, "steps": json.dumps(steps)}
    text = "<!doctype html><body>" + script(LISTEN + _SHOW)
    scene.page("page", framed.parent.response, html=text, **{"with": given})


def _inner(scene: Scene, framed: Framed, stated: Mapping[str, Json]) -> Iterator[str]:
    """What the local document does to show what is stated."""
    yield see_self("page" if framed.creator is None else "creator")
    relations = [found[1] for found in map(_IMAGE.fullmatch, stated) if found]
    # A window closes when it has looked at them, be it only at the one that all may load.
    if relations or framed.via == "popup":
        yield see_images(image_pages(scene, framed.shown, relations))
    if framed.child is not None and "blocked_grandchild" in stated:
        child, origin = framed.child, framed.child.origin
        scene.page("child", Hop(f"{origin}/child", origin, 200, child.headers))
        allowed = ((COEP, "require-corp"), (CORP, "cross-origin"))
        scene.page("control", Hop(f"{origin}/control", origin, 200, allowed))
        yield see_child("${{ url.child }}", "${{ url.control }}")


def _expect(scene: Scene, framed: Framed, stated: Mapping[str, Json]) -> Act:
    claims: dict[str, str] = {}
    unseen: dict[str, str] = {}
    for name, value in stated.items():
        found = _check(name, value, framed)
        if found is None:
            unseen[name] = "nothing in the scene shows it"
            continue
        claims[name] = f"page.says.{found[0]}"
        scene.expect[claims[name]] = found[1]
        if _IMAGE.fullmatch(name):
            scene.expect[f"page.says.{CONTROL}"] = "loaded"
    return Act(scene, claims, unseen)


def _check(name: str, value: Json, framed: Framed) -> tuple[str, Scalar] | None:
    if image := _IMAGE.fullmatch(name):
        return image[1], value
    match name:
        case "blocked" if not value:
            return "runs", True
        case "blocked_grandchild" if framed.child is not None:
            return "child", "blocked" if value else "loaded"
        case "origin" if value == "null":
            return "origin", "null"
        case "blob_origin" if framed.creator is not None and value == "creator":
            return "origin", "own"
    return None
