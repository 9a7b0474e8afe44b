"""Scenes of frames that show local documents: about:blank, srcdoc, data:, blob: and javascript: ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from isolab.conform.kinds.inherit_frames import Framed, read_framed
from isolab.conform.reader import Reader
from isolab.conform.row import Json, Row
from isolab.conform.ruling import observations
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages import inherit_makers, inherit_outside
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
from isolab.policy.response import Hop
from isolab.scenario.case import Scalar

_IMAGE = re.compile(rf"no_cors_({'|'.join(RELATIONS)})_without_corp")

# `show` goes on when the frame has loaded; what has no text of its own has the script put into it.
_SHOW = """
const { inner: text, does } = isolab.with;
const steps = JSON.parse(isolab.with.steps);
const frame = document.createElement('iframe');
const addresses = {
  'data:': () => 'data:text/html,' + encodeURIComponent(text),
  'blob:': () => URL.createObjectURL(new Blob([text], { type: 'text/html' })),
  'javascript:': () => 'javascript:' + encodeURIComponent(does),
};
const show = step => new Promise(resolve => {
  frame.addEventListener('load', resolve, { once: true });
  if (step === 'about:srcdoc') frame.srcdoc = text;
  else frame.src = step in addresses ? addresses[step]() : isolab.urls[step] || step;
  if (!frame.isConnected) document.body.append(frame);
  // It runs in the document that is there, and loads none.
  if (step === 'javascript:') resolve();
});
(async () => {
  for (const step of steps) await show(step);
  if (steps.at(-1) !== 'about:blank') return;
  const inside = frame.contentDocument;
  inside.body.append(Object.assign(inside.createElement('script'), { textContent: does }));
})();
"""


def act(row: Row) -> Act:
    """Play a row that has a frame in `parent`. Raises NotStagedError."""
    framed = read_framed(Reader(row.setting))
    scene = Scene(row.id)
    stated = dict(observations(row.expect))
    if framed.parent.parent is not None:
        return inherit_outside.act(scene, framed, stated)
    scene.flow = [{"open": "page"}]
    scripts = [*_inner(scene, framed, stated)]
    inner = "<!doctype html><body>" + "".join(map(script, scripts))
    if framed.creator is None:
        _shown(scene, framed, inner, "".join(f"(() => {{{text}}})();" for text in scripts))
    elif framed.via == "popup":
        inherit_makers.opens(scene, framed, framed.creator, inner)
    else:
        inherit_makers.shows(scene, framed, framed.creator, inner, _keys(framed, stated))
    return _expect(scene, framed, stated)


def _shown(scene: Scene, framed: Framed, inner: str, does: str) -> None:
    steps = []
    for number, (url, document) in enumerate(framed.steps, start=1):
        steps.append(url)
        if url == "page":
            steps[-1] = name = f"frame-{number}"
            origin = document.response.origin
            scene.page(name, Hop(f"{origin}/{name}", origin, 200, document.response.headers))
    given = {"inner": inner, "does": does, "steps": json.dumps(steps)}
    text = "<!doctype html><body>" + script(LISTEN + _SHOW)
    scene.page("page", framed.parent.response, html=text, **{"with": given})


def _inner(scene: Scene, framed: Framed, stated: Mapping[str, Json]) -> Iterator[str]:
    """What the local document does to show what is stated."""
    yield see_self("page" if framed.creator is None else "creator")
    relations = [found[1] for found in map(_IMAGE.fullmatch, stated) if found]
    if relations:
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
    window = "popup" if framed.via == "popup" else "page"
    for name, value in stated.items():
        found = _check(name, value, framed)
        if found is None:
            unseen[name] = "nothing in the scene shows it"
            continue
        claims[name] = f"{window}.says.{found[0]}"
        scene.expect[claims[name]] = found[1]
        if _IMAGE.fullmatch(name):
            scene.expect[f"{window}.says.{CONTROL}"] = "loaded"
    return Act(scene, claims, unseen)


def _keys(framed: Framed, stated: Mapping[str, Json]) -> Iterator[str]:
    """Under which keys something is told of the document."""
    found = [check[0] for check in (_check(name, value, framed) for name, value in stated.items()) if check]
    yield from dict.fromkeys([*found, *([CONTROL] if any(map(_IMAGE.fullmatch, stated)) else [])])


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
