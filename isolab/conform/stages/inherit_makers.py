"""Frames that make a blob: URL and show or open it: what its document sees."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from isolab.conform.kinds.inherit_frames import Framed
from isolab.conform.scene import Scene
from isolab.conform.stages.local_scripts import LISTEN, script
from isolab.policy.corp import CORP
from isolab.policy.document import Document
from isolab.policy.response import Hop

_BODY = "<!doctype html><body>"
_SHOWS = {
    "subframe": "const f = document.createElement('iframe'); f.src = url; document.body.append(f);",
    "navigate": "location.href = url;",
}
# The frame is sent there when its maker has been heard; mute after two more frames that nothing blocks: not shown.
_HERE = "parent.postMessage('here', '*');"
_WATCH = """
const embed = page => new Promise(resolve => {
  const frame = document.createElement('iframe');
  addEventListener('message', ({ source, data }) => {
    if (source === frame.contentWindow && data === 'here') resolve();
  });
  frame.src = isolab.urls[page];
  document.body.append(frame);
});
let shown = false;
addEventListener('message', ({ data }) => { shown ||= Boolean(data.saw); });
(async () => {
  for (const page of ['creator', 'control', 'control']) await embed(page);
  if (!shown) for (const key of JSON.parse(isolab.with.keys)) isolab.say(key, 'not shown');
})();
"""
_EMBED = "const f = document.createElement('iframe'); f.src = isolab.urls.creator; document.body.append(f);"
# The frame opens what it has made when the page's button is clicked.
_OPENS = """
fetch(isolab.urls.popup).then(response => response.text()).then(text => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/html' }));
  addEventListener('message', ({ data }) => { if (data === 'open') window.open(url); });
  parent.postMessage('made', '*');
});
"""
_BUTTON = """
addEventListener('message', ({ data, source }) => {
  if (data !== 'made') return;
  const go = Object.assign(document.createElement('button'), { id: 'go', textContent: 'go' });
  go.onclick = () => source.postMessage('open', '*');
  document.body.append(go);
});
"""


def shows(scene: Scene, framed: Framed, creator: Document, inner: str, keys: Iterable[str]) -> None:
    """Have the frame show it, which tells the page around; the page tells under these keys where it is not shown."""
    made = "const url = URL.createObjectURL(new Blob([isolab.with.inner], { type: 'text/html' }));"
    _frame(scene, creator, made + _HERE + _SHOWS[framed.via or ""], **{"with": {"inner": inner}})
    page = scene.pages["creator"]
    scene.pages["control"] = {**page, "path": "/control", "html": _BODY + script(_HERE), "with": {}}
    given = {"keys": json.dumps([*keys])}
    scene.page("page", framed.parent.response, html=_BODY + script(LISTEN + _WATCH), **{"with": given})


def opens(scene: Scene, framed: Framed, creator: Document, inner: str) -> None:
    """Have the frame open it. It has the probe and tells by itself, as the standard leaves a popup without an opener.

    Source: HTML, "get noopener for window open", where the URL is a blob: one of another site than the page's.
    """
    origin = creator.response.origin
    scene.page("popup", Hop(f"{origin}/popup", origin), html=inner)
    _frame(scene, creator, _OPENS)
    scene.page("page", framed.parent.response, html=_BODY + script(_BUTTON + _EMBED))
    scene.flow.append({"click": "#go", "opens": "popup"})


def _frame(scene: Scene, creator: Document, does: str, **more: object) -> None:
    """Add the frame; the page has to let it in, of whatever relation it is."""
    page = creator.response
    if CORP not in dict(page.headers):
        page = replace(page, headers=(*page.headers, (CORP, "cross-origin")))
    scene.page("creator", page, html=_BODY + script(does), **more)
