"""Popups that a script opens in its own way when a button is clicked: from a srcdoc frame, or written into first."""

from __future__ import annotations

import json

from isolab.conform.kinds.popup import WRITES_FIRST, Opened
from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.scene import Scene
from isolab.conform.stages.local_scripts import script
from isolab.conform.stages.script import url_of

_BODY = "<!doctype html><body>"
_BUTTON = """
const go = Object.assign(document.createElement('button'), { id: 'go', textContent: 'go' });
"""
# The popup's first document, the blank one, becomes one that the page wrote.
_WRITES = """
go.onclick = () => {
  const popup = self.open('', NAME);
  popup.document.write('<meta http-equiv="refresh" content="0; url=URL">');
  popup.document.close();
};
document.body.append(go);
"""
_FRAME = """
const frame = document.createElement('iframe');
if (isolab.with.sandbox !== 'none') frame.setAttribute('sandbox', isolab.with.sandbox);
frame.srcdoc = isolab.with.inner;
frame.onload = () => document.body.append(go);
go.onclick = () => frame.contentWindow.postMessage('open', '*');
document.body.append(frame);
"""
_OPENS = "addEventListener('message', ({ data }) => { if (data === 'open') self.open('URL', NAME); });"


def pages(scene: Scene, opened: Opened, row: Row) -> None:
    """Add the page with the button, and what it opens. Raises NotStagedError for what else the row asks."""
    creator = opened.creator
    written = (row.setting.get("open") or {}).get("method") == WRITES_FIRST
    framed = creator.parent is not None and creator.parent.parent is None
    if len(opened.life) != 1 or opened.noopener or "then_open" in row.setting or framed == written:
        raise NotStagedError("a popup that a page's own script opens is opened by that page or its frame, and stays")
    shown = url_of(scene.way("popup", opened.life[0].hops))
    if written:
        scene.page("opener", creator.response, html=_BODY + script(_BUTTON + _filled(_WRITES, shown, opened)))
    elif creator.parent is not None:
        sandbox = "none" if creator.sandbox is None else " ".join(sorted(creator.sandbox))
        given = {"inner": _BODY + script(_filled(_OPENS, shown, opened)), "sandbox": sandbox}
        scene.page("opener", creator.parent.response, html=_BODY + script(_BUTTON + _FRAME), **{"with": given})
    scene.flow += [{"open": "opener"}, {"click": "#go", "opens": "popup"}]


def _filled(text: str, url: str, opened: Opened) -> str:
    name = "" if opened.name in (None, "<unique>") else opened.name
    return text.replace("URL", url).replace("NAME", json.dumps(name))
