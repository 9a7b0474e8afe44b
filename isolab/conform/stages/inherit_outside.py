"""Frames whose page is in another, which sends them to local documents over that page's head."""

from __future__ import annotations

from collections.abc import Mapping

from isolab.conform.kinds.inherit_frames import Framed
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Json
from isolab.conform.scene import Scene
from isolab.conform.staged import Act
from isolab.conform.stages.local_scripts import script
from isolab.conform.stages.script import at, url_of
from isolab.policy.response import Hop

_BODY = "<!doctype html><body>"
_READY = "addEventListener('load', () => top.postMessage('ready', '*'));"
# Mute, when the same in a page without policies has been shown twice: blocked.
_SEND = """
const { text, url } = isolab.with;
const addresses = {
  'data:': () => 'data:text/html,' + encodeURIComponent(text),
  'blob:': () => URL.createObjectURL(new Blob([text], { type: 'text/html' })),
  'about:blank': () => 'about:blank',
};
const blank = w => {
  try { return w.location.href === 'about:blank' && w.document.readyState === 'complete'; } catch { return false; }
};
const shows = target => new Promise(resolve => {
  addEventListener('message', ({ source, data }) => { if (source === target && data === 'shown') resolve(); });
  const tick = () => { if (blank(target)) resolve(); else setTimeout(tick, 5); };
  if (url === 'about:blank') tick();
});
const sends = page => new Promise(resolve => {
  const frame = document.createElement('iframe');
  addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow || data !== 'ready') return;
    const target = source.frames[0];
    target.location = addresses[url]();
    resolve({ shown: shows(target) });
  });
  frame.src = isolab.urls[page];
  document.body.append(frame);
});
(async () => {
  let shown = false;
  (await sends('strict')).shown.then(() => { shown = true; });
  for (const _ of [1, 2]) await (await sends('free')).shown;
  isolab.say('blocked', !shown);
})();
"""
_LOCAL = ("data:", "blob:", "about:blank")


def act(scene: Scene, framed: Framed, stated: Mapping[str, Json]) -> Act:
    """Play it: the top page sends the frame in `strict`, and for control that in `free`. Raises NotStagedError."""
    top, home = framed.parent.parent, framed.parent.response
    url = framed.steps[0][0]
    if top is None or len(framed.steps) != 1 or url not in _LOCAL or "blocked" not in stated:
        raise NotStagedError("the top page sends a frame in another page to one data:, blob: or about:blank")
    for name, response in (("strict", home), ("free", Hop(home.url, home.origin))):
        first = scene.page(f"{name}-first", at(response, f"/{name}-first"))
        html = f'{_BODY}{script(_READY)}<iframe src="{url_of(first)}"></iframe>'
        scene.page(name, at(response, f"/{name}"), html=html)
    text = _BODY + script("top.postMessage('shown', '*');")
    scene.page("page", top.response, html=_BODY + script(_SEND), **{"with": {"text": text, "url": url}})
    scene.flow = [{"open": "page"}]
    scene.expect["page.says.blocked"] = bool(stated["blocked"])
    unseen = {name: "nothing in the scene shows it" for name in stated if name != "blocked"}
    return Act(scene, {"blocked": "page.says.blocked"}, unseen)
